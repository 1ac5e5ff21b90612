//! Text of a spec as the lines of a doc comment: the same text, and nothing in it is compiled.

use super::plain;
use crate::targets::rust::ir::tokens::Comment;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};

/// A description.
pub(super) struct Doc {
    /// Its lines, as they follow the sign of a comment.
    pub(super) lines: Vec<Comment>,
    /// Whether it is a paragraph of plain words, which may stand in any comment. Everything else is Markdown, for rustdoc to
    /// read.
    pub(super) is_plain: bool,
}

pub(super) fn doc(description: &str) -> Doc {
    let text = description.replace(['\r', '\u{85}'], "\n");
    let text = trimmed(&text);
    let is_plain = plain::is_prose(text);
    Doc {
        is_plain,
        lines: if is_plain {
            lines(text)
        } else {
            lines(&without_tests(text))
        },
    }
}

/// The text without blank lines around it, and without the blanks that it begins with, unless those make it code.
fn trimmed(text: &str) -> &str {
    const CODE: usize = 4;
    let text = text.trim_end();
    let first = text.len() - text.trim_start().len();
    let blank_lines = text.get(..first).and_then(|blank| blank.rfind('\n'));
    let text = text.get(blank_lines.map_or(0, |newline| newline + 1)..);
    let text = text.unwrap_or_default();
    let indentation = text.split(|c: char| !c.is_whitespace()).next();
    match indentation.unwrap_or_default() {
        code if code.len() >= CODE || code.contains('\t') => text,
        _ => text.trim_start(),
    }
}

/// Lines as they follow the sign of a comment.
pub(super) fn lines(text: &str) -> Vec<Comment> {
    let spaced = |line: &str| {
        if line.trim().is_empty() {
            String::new()
        } else {
            format!(" {line}")
        }
    };
    let lines = text.lines();
    lines.map(|line| Comment::new(&spaced(line))).collect()
}

/// Tokens blocks are marked as text: rustdoc would take them for tests. Those that have no place for a mark, as they are only
/// indented, make the whole a block of text.
fn without_tests(text: &str) -> String {
    let mut marked = String::new();
    let mut rest = 0;
    for (event, range) in Parser::new(text).into_offset_iter() {
        let Event::Start(Tag::CodeBlock(kind)) = event else {
            continue;
        };
        if matches!(kind, CodeBlockKind::Indented) {
            return block(text);
        }
        let fence = text.get(range.clone()).unwrap_or_default();
        let opening = fence.lines().next().unwrap_or_default();
        let marks = opening.trim_start_matches(['`', '~']);
        let end_of_marks = range.start + opening.len() - marks.len();
        marked.push_str(text.get(rest..end_of_marks).unwrap_or_default());
        marked.push_str("text");
        rest = range.start + opening.len();
    }
    marked + text.get(rest..).unwrap_or_default()
}

/// The text as a block, behind a longer fence than any in it.
fn block(text: &str) -> String {
    let runs = text.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0).max(2) + 1);
    format!("{fence}text\n{text}\n{fence}")
}

#[cfg(test)]
mod tests {
    fn lines(description: &str) -> Vec<String> {
        let doc = super::doc(description);
        doc.lines.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn plain_words_are_plain() {
        let doc = super::doc(" The lobby, where nobody has a name.\n");
        assert!(doc.is_plain);
        assert!(!super::doc("").is_plain);
    }

    #[test]
    fn markdown_stays_as_it_is() {
        for text in [
            "See <https://example.com/docs> and [x](y).",
            "```wscat -c ws://localhost/inline```",
            "Steps:\n1) connect\nthen wait",
            ">quoted\nlazy line",
            "A `tick` and ``a ` b``.",
        ] {
            let lines = lines(text);
            let expected: Vec<String> = text.lines().map(|line| format!(" {line}")).collect();
            assert_eq!(lines, expected);
        }
    }

    #[test]
    fn code_is_not_a_test() {
        assert_eq!(
            lines("a\n```rust\nlet x;\n```"),
            [" a", " ```text", " let x;", " ```"]
        );
        assert_eq!(
            lines("- a\n\n  ~~~~\n  let x;"),
            [" - a", "", "   ~~~~text", "   let x;"]
        );
        assert_eq!(
            lines("````\n```\ninner\n```\n````"),
            [" ````text", " ```", " inner", " ```", " ````"]
        );
    }

    #[test]
    fn indented_code_makes_it_all_a_block() {
        assert_eq!(
            lines("a ``b``\n\n    let x;"),
            [" ```text", " a ``b``", "", "     let x;", " ```"]
        );
        assert_eq!(lines("\n    let x;\n"), [" ```text", "     let x;", " ```"]);
        assert_eq!(lines("\tlet x;"), [" ```text", " \tlet x;", " ```"]);
    }

    #[test]
    fn blanks_at_the_beginning_are_cut() {
        for text in ["   Text.", "\n\n Text.\n", " \n  Text.  \n\n"] {
            assert_eq!(lines(text), [" Text."]);
        }
    }
}
