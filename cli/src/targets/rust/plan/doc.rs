//! Text of a spec as the lines of a doc comment.

use crate::targets::rust::ir::code::Comment;

/// The lines of a description; none where there is none.
///
/// Code blocks are marked as text, so that rustdoc does not take them for tests, and words that look like code get
/// backticks, as clippy's `doc_markdown` asks.
pub(super) fn lines(description: Option<&str>) -> Vec<Comment> {
    let lines = markdown(
        &description
            .unwrap_or_default()
            .replace(['\r', '\u{85}'], "\n"),
    );
    lines.iter().map(|line| Comment::new(line)).collect()
}

fn markdown(description: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut in_block = false;
    // What a line must begin with to go on with the item of a list, or a quote, before it.
    let mut hanging = String::new();
    for line in description.trim().lines() {
        let text = line.trim();
        if text.starts_with("```") || text.starts_with("~~~") {
            in_block = !in_block;
            lines.push(if in_block {
                "```text".to_owned()
            } else {
                "```".to_owned()
            });
            hanging.clear();
        } else if in_block {
            lines.push(line.trim_end().to_owned());
        } else {
            let (marker, content) = marker(text);
            if text.is_empty() {
                hanging.clear();
            } else if marker == "> " {
                marker.clone_into(&mut hanging);
            } else if !marker.is_empty() {
                hanging = " ".repeat(marker.len());
            }
            let before = if marker.is_empty() {
                hanging.as_str()
            } else {
                marker
            };
            lines.push(format!("{before}{}", marked(content)).trim_end().to_owned());
        }
    }
    if in_block {
        lines.push("```".to_owned());
    }
    lines
}

/// What begins an item of a list or a quote, and what follows: never so far in that it would be a block of code.
fn marker(text: &str) -> (&str, &str) {
    let markers = ["- ", "* ", "+ ", "> "]
        .into_iter()
        .find(|marker| text.starts_with(marker));
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    let end = match markers {
        Some(marker) => marker.len(),
        None if digits > 0
            && text
                .get(digits..)
                .is_some_and(|rest| rest.starts_with(". ")) =>
        {
            digits + 2
        }
        None => 0,
    };
    let (marker, content) = text.split_at_checked(end).unwrap_or(("", text));
    (marker, content.trim_start())
}

/// A line in which code, links and addresses are kept, words that look like code get backticks, and nothing else means
/// anything to Markdown's links or HTML.
fn marked(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while !rest.is_empty() {
        let (piece, kind) = piece(rest);
        let (before, after) = match kind {
            Piece::Text if looks_like_code(piece) => ("`", "`"),
            Piece::Text | Piece::Kept => ("", ""),
            Piece::Address => ("<", ">"),
            Piece::Special => ("\\", ""),
        };
        out.extend([before, piece, after]);
        rest = rest.get(piece.len()..).unwrap_or_default();
    }
    out
}

enum Piece {
    Kept,
    Address,
    Text,
    Special,
}

/// The first piece of a line that is not empty.
fn piece(rest: &str) -> (&str, Piece) {
    let upto = |end: usize| rest.get(..end).unwrap_or(rest);
    let length = |c: char| c.len_utf8();
    if let Some(end) = rest.strip_prefix('`').and_then(|code| code.find('`')) {
        return (upto(end + 2), Piece::Kept);
    }
    if rest.starts_with('[')
        && let Some(end) = link_end(rest)
    {
        return (upto(end), Piece::Kept);
    }
    if scheme(rest).is_some() {
        let address = upto(
            rest.find(|c: char| c.is_whitespace() || "<>\"`)]".contains(c))
                .unwrap_or(rest.len()),
        );
        return (
            address.trim_end_matches(['.', ',', ';', ':', '!', '?']),
            Piece::Address,
        );
    }
    match rest.chars().next() {
        Some(first) if "[]<`\\".contains(first) => (upto(1), Piece::Special),
        Some(first) if !is_word(first) => (upto(length(first)), Piece::Kept),
        _ => {
            let word = upto(rest.find(|c| !is_word(c)).unwrap_or(rest.len()));
            let called = upto(word.len() + "()".len());
            if called.ends_with("()") {
                return (called, Piece::Text);
            }
            let trimmed = word.trim_end_matches(':');
            (if trimmed.is_empty() { word } else { trimmed }, Piece::Text)
        }
    }
}

/// Where `[text](address)` ends. No bracket is looked at from more than a few others, so that a line of brackets is quick.
fn link_end(rest: &str) -> Option<usize> {
    const LONGEST_ADDRESS: usize = 2048;
    let middle = 1 + rest.get(1..)?.find(['[', ']'])?;
    let target = rest.get(middle..)?.strip_prefix("](")?;
    let is_address = ["https://", "http://", "#", "/"]
        .iter()
        .any(|start| target.starts_with(start));
    if !is_address {
        return None;
    }
    let near = target.get(..target.floor_char_boundary(LONGEST_ADDRESS))?;
    let end = near.find(')')?;
    Some(middle + "](".len() + end + 1)
}

/// How far `wss://`, or any other scheme, goes at the start of a text.
fn scheme(rest: &str) -> Option<usize> {
    const LONGEST: usize = 32;
    let is_part = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let end = rest
        .char_indices()
        .take(LONGEST + 1)
        .find(|(_, c)| !is_part(*c))?
        .0;
    let is_scheme = end > 1 && rest.starts_with(|c: char| c.is_ascii_alphabetic());
    let after = rest.get(end..)?.strip_prefix("://")?;
    let names_something = after.starts_with(|c: char| c.is_alphanumeric() || c == '[' || c == '/');
    (is_scheme && names_something).then_some(end)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == ':'
}

/// Calls, paths, names with underscores, and words with more than one capital: what `doc_markdown` takes for code.
fn looks_like_code(word: &str) -> bool {
    let capitals = word
        .strip_suffix('s')
        .unwrap_or(word)
        .chars()
        .filter(|c| c.is_uppercase())
        .count();
    let is_camel = capitals > 1
        && word.chars().any(char::is_lowercase)
        && word.chars().all(char::is_alphanumeric);
    word.ends_with("()") || word.contains("::") || word.trim_matches('_').contains('_') || is_camel
}

#[cfg(test)]
mod tests {
    fn lines(description: Option<&str>) -> Vec<String> {
        super::lines(description)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn words_like_code_get_backticks() {
        assert_eq!(
            lines(Some("Uses a ChatRoom and on_message.")),
            ["Uses a `ChatRoom` and `on_message`."]
        );
        assert_eq!(
            lines(Some("Keeps `ChatRoom` as it is.")),
            ["Keeps `ChatRoom` as it is."]
        );
    }

    #[test]
    fn blocks_are_no_tests() {
        assert_eq!(
            lines(Some("a\n```rust\nlet x;\n")),
            ["a", "```text", "let x;", "```"]
        );
        assert_eq!(
            lines(Some("~~~\nlet x;\n~~~")),
            ["```text", "let x;", "```"]
        );
        assert_eq!(lines(Some("a\n\n      deep")), ["a", "", "deep"]);
        assert_eq!(lines(Some("- a\n-      deep")), ["- a", "- deep"]);
        assert_eq!(lines(Some(">     deep")), ["> deep"]);
    }

    #[test]
    fn what_goes_on_is_hung_under_its_item() {
        assert_eq!(
            lines(Some("- a\nlazy\n\nafter")),
            ["- a", "  lazy", "", "after"]
        );
        assert_eq!(
            lines(Some("12. a\n      over\n> q\nlazy")),
            ["12. a", "    over", "> q", "> lazy"]
        );
    }

    #[test]
    fn brackets_are_no_links() {
        assert_eq!(lines(Some("see [x] and <b>")), ["see \\[x\\] and \\<b>"]);
        assert_eq!(lines(Some("one ` tick")), ["one \\` tick"]);
    }

    #[test]
    fn links_stay_links() {
        let link = "- [a link](https://example.com/a_b) and more";
        assert_eq!(lines(Some(link)), [link]);
        let bare = "see https://example.com/a_b.";
        assert_eq!(lines(Some(bare)), ["see <https://example.com/a_b>."]);
        let socket = "see wss://example.com/a_b, or e.g. a://b";
        assert_eq!(
            lines(Some(socket)),
            ["see <wss://example.com/a_b>, or e.g. a://b"]
        );
    }

    #[test]
    fn calls_are_code() {
        assert_eq!(
            lines(Some("fn main() {}, a (b) of c::d().")),
            ["fn `main()` {}, a (b) of `c::d()`."]
        );
    }

    /// With a search to the end of the line at each bracket, these would take hours.
    #[test]
    fn brackets_without_end_are_quick() {
        for piece in [
            "[", "[a](", "[a](/", "![[]()", "[a](/x [", "`` ` ", "<a ", "a:", "http://.",
        ] {
            let text = piece.repeat((1 << 20) / piece.len());
            assert_eq!(lines(Some(&text)).len(), 1, "{piece}");
        }
    }
}
