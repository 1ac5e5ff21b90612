//! Text of a spec as the lines of a doc comment.

use crate::ir::code::Comment;

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
    for line in description.trim().lines() {
        let text = line.trim_end();
        if text.trim_start().starts_with("```") {
            in_block = !in_block;
            lines.push(if in_block {
                "```text".to_owned()
            } else {
                "```".to_owned()
            });
        } else if in_block {
            lines.push(text.to_owned());
        } else {
            lines.push(marked(shallow(text)));
        }
    }
    if in_block {
        lines.push("```".to_owned());
    }
    lines
}

/// An indentation of four spaces would start a code block.
fn shallow(line: &str) -> &str {
    const DEEPEST: usize = 3;
    let text = line.trim_start();
    let indent = line.len() - text.len();
    line.get(indent.saturating_sub(DEEPEST)..)
        .filter(|_| indent > DEEPEST)
        .unwrap_or(line)
        .trim_start_matches('\t')
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
    if rest.starts_with("https://") || rest.starts_with("http://") {
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
        Some(first) if "[]<`".contains(first) => (upto(1), Piece::Special),
        Some(first) if !is_word(first) => (upto(length(first)), Piece::Kept),
        _ => {
            let word = upto(rest.find(|c| !is_word(c)).unwrap_or(rest.len()));
            let trimmed = word.trim_end_matches(':');
            (if trimmed.is_empty() { word } else { trimmed }, Piece::Text)
        }
    }
}

/// Where `[text](address)` ends.
fn link_end(rest: &str) -> Option<usize> {
    let middle = rest.find("](")?;
    let is_plain = rest.get(1..middle).is_some_and(|text| !text.contains('['));
    let end = middle + rest.get(middle..)?.find(')')? + 1;
    is_plain.then_some(end)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == ':'
}

/// Paths, names with underscores, and words with a capital inside.
fn looks_like_code(word: &str) -> bool {
    let has_hump = word
        .chars()
        .zip(word.chars().skip(1))
        .any(|(a, b)| a.is_lowercase() && b.is_uppercase());
    word.contains("::") || word.trim_matches('_').contains('_') || has_hump
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
        assert_eq!(lines(Some("a\n\n      deep")), ["a", "", "   deep"]);
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
    }
}
