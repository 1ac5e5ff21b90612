//! Text of a spec as the lines of a doc comment.

/// The lines of a description; none where there is none.
///
/// Code blocks are marked as text, so that rustdoc does not take them for tests, and words that look like code get
/// backticks, as clippy's `doc_markdown` asks.
pub(super) fn lines(description: Option<&str>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut in_block = false;
    for line in description.unwrap_or_default().trim().lines() {
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

/// Puts backticks around the words of a line that look like code.
fn marked(line: &str) -> String {
    let mut out = String::new();
    for (index, part) in line.split('`').enumerate() {
        if index > 0 {
            out.push('`');
        }
        if index.is_multiple_of(2) {
            for word in part.split_inclusive(' ') {
                out.push_str(&marked_word(word));
            }
        } else {
            out.push_str(part);
        }
    }
    if line.matches('`').count().is_multiple_of(2) {
        out
    } else {
        line.replace('`', "'")
    }
}

fn marked_word(word: &str) -> String {
    let is_edge = |c: char| !c.is_alphanumeric() && c != '_';
    let core = word.trim_matches(is_edge);
    let is_link = word.contains("://") || word.contains("](");
    if core.is_empty() || is_link || !looks_like_code(core) {
        return escaped(word);
    }
    let start = word.find(core).unwrap_or(0);
    let (before, rest) = word.split_at(start);
    let (core, after) = rest.split_at(core.len());
    format!("{}`{core}`{}", escaped(before), escaped(after))
}

/// Outside of code, brackets would be links to items and angle brackets HTML.
fn escaped(text: &str) -> String {
    if text.contains("://") || text.contains("](") {
        return text.to_owned();
    }
    text.replace('[', "\\[")
        .replace(']', "\\]")
        .replace('<', "\\<")
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
    use super::lines;

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
        assert_eq!(
            lines(Some("see [x](https://example.com/a_b)")),
            ["see \\[x](https://example.com/a_b)"]
        );
    }
}
