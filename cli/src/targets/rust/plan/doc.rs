//! Text of a spec as the lines of a doc comment: the same text, and nothing in it is compiled.

use super::plain;
use crate::targets::rust::ir::tokens::Comment;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

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

/// The Markdown of rustdoc, as far as blocks are concerned.
const MARKDOWN: Options = Options::ENABLE_TABLES.union(Options::ENABLE_FOOTNOTES);

/// Blocks of code are marked as text: rustdoc would take them for tests. Those that are only indented get a fence for the mark;
/// inside of a list, a quote or a note, where that would change the text, the whole becomes a block of text.
fn without_tests(text: &str) -> String {
    let mut marked = String::new();
    let mut rest = 0;
    let mut depth = 0_usize;
    for (event, range) in Parser::new_ext(text, MARKDOWN).into_offset_iter() {
        let kind = match event {
            Event::Start(Tag::CodeBlock(kind)) => kind,
            Event::Start(Tag::List(_) | Tag::BlockQuote(_) | Tag::FootnoteDefinition(_)) => {
                depth += 1;
                continue;
            }
            Event::End(TagEnd::List(_) | TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition) => {
                depth = depth.saturating_sub(1);
                continue;
            }
            _ => continue,
        };
        let before = text.get(..range.start).unwrap_or_default();
        if matches!(kind, CodeBlockKind::Fenced(_)) {
            let fence = text.get(range.clone()).unwrap_or_default();
            let opening = fence.lines().next().unwrap_or_default();
            let marks = opening.trim_start_matches(['`', '~']);
            let end_of_marks = range.start + opening.len() - marks.len();
            marked.push_str(text.get(rest..end_of_marks).unwrap_or_default());
            marked.push_str("text");
            rest = range.start + opening.len();
        } else if depth > 0 {
            return block(text);
        } else {
            let line = before.rfind('\n').map_or(0, |newline| newline + 1);
            let code = text.get(line..range.end).unwrap_or_default();
            marked.push_str(text.get(rest..line).unwrap_or_default());
            marked.push_str(&block(&unindented(code)));
            marked.push('\n');
            rest = range.end;
        }
    }
    marked + text.get(rest..).unwrap_or_default()
}

/// Code without the indentation that makes it code: four spaces, or a tab.
fn unindented(code: &str) -> String {
    let unindented = |line: &str| {
        let spaces = line.chars().take(4).take_while(|c| *c == ' ').count();
        let rest = line.get(spaces..).unwrap_or_default();
        let rest = rest
            .strip_prefix('\t')
            .filter(|_| spaces < 4)
            .unwrap_or(rest);
        rest.to_owned()
    };
    let lines: Vec<String> = code.trim_end().lines().map(unindented).collect();
    lines.join("\n")
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
    fn indented_code_gets_a_fence() {
        assert_eq!(
            lines("a ``b``\n\n    let x;\n      y;\n\n    z;\n\nc"),
            [
                " a ``b``", "", " ```text", " let x;", "   y;", "", " z;", " ```", "", " c"
            ]
        );
        assert_eq!(lines("\n    let x;\n"), [" ```text", " let x;", " ```"]);
        assert_eq!(
            lines("\tlet ``` x;\n  \ty"),
            [" ````text", " let ``` x;", " y", " ````"]
        );
        assert_eq!(
            lines("    a\n\n```rust\nb\n```\n\n    c"),
            [
                " ```text", " a", " ```", "", " ```text", " b", " ```", "", " ```text", " c",
                " ```"
            ]
        );
    }

    #[test]
    fn indented_code_in_a_list_makes_it_all_a_block() {
        assert_eq!(
            lines("- a\n\n      let x;\n- b"),
            [" ```text", " - a", "", "       let x;", " - b", " ```"]
        );
        assert_eq!(
            lines("[^1]: a\n\n        let x;"),
            [" ```text", " [^1]: a", "", "         let x;", " ```"]
        );
    }

    #[test]
    fn blanks_at_the_beginning_are_cut() {
        for text in ["   Text.", "\n\n Text.\n", " \n  Text.  \n\n"] {
            assert_eq!(lines(text), [" Text."]);
        }
    }
}
