//! Printed code as it stands in a file: blank lines where they belong, and no line longer than people read.
//!
//! Templates print code line by line, as it is to be. What they cannot know is how long a line becomes: here, long lines are
//! broken where a list is. No token is added or lost but for the comma behind the last element of a list on lines of its own.

/// Lines are broken beyond this width, which is rustfmt's.
const WIDTH: usize = 100;
const INDENT: usize = 4;

/// Lays out printed code.
#[must_use]
pub fn laid_out(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut is_blank = false;
    let mut after = "{";
    for line in code.lines() {
        let text = line.trim_start();
        let line = if is_comment(text) {
            line
        } else {
            line.trim_end()
        };
        if line.is_empty() {
            is_blank = true;
            continue;
        }
        if is_blank && !after.ends_with('{') && !text.starts_with('}') {
            out.push('\n');
        }
        is_blank = false;
        after = line;
        broken(line, &mut out);
    }
    out
}

fn is_comment(text: &str) -> bool {
    text.starts_with("//")
}

/// Pushes a line, broken as often as it takes.
fn broken(line: &str, out: &mut String) {
    let indent = line.len() - line.trim_start().len();
    let text = line.trim_start();
    let is_whole = line.chars().count() <= WIDTH || is_comment(text) || text.starts_with('#');
    // What an arm does stands below its pattern.
    if let Some((pattern, action)) = text.split_once(" => ").filter(|_| !is_whole)
        && text.ends_with(',')
    {
        broken(&format!("{}{pattern} =>", " ".repeat(indent)), out);
        broken(&format!("{}{action}", " ".repeat(indent + INDENT)), out);
        return;
    }
    let Some(list) = (!is_whole).then(|| List::longest(text)).flatten() else {
        out.push_str(line);
        out.push('\n');
        return;
    };
    let (outside, inside) = (" ".repeat(indent), " ".repeat(indent + INDENT));
    broken(&format!("{outside}{}", list.before), out);
    let elements = elements(list.inside);
    let mut line = String::new();
    for (index, element) in elements.iter().enumerate() {
        let is_last = index + 1 == elements.len();
        let comma = if !is_last || list.may_end_with_comma(&elements) {
            ","
        } else {
            ""
        };
        let fits = list.is_filled && line.chars().count() + element.chars().count() + 2 <= WIDTH;
        if !line.is_empty() && !fits {
            broken(&line, out);
            line.clear();
        }
        line.push_str(if line.is_empty() { &inside } else { " " });
        line.push_str(element);
        line.push_str(comma);
    }
    broken(&line, out);
    broken(&format!("{outside}{}", list.after), out);
}

/// A line with a list in it: `before` ends with what opens the list, `after` begins with what closes it.
struct List<'a> {
    before: &'a str,
    inside: &'a str,
    after: &'a str,
    /// Whether there are as many elements in a line as it holds.
    is_filled: bool,
}

impl<'a> List<'a> {
    /// The longest list of a line that is not in another one.
    fn longest(text: &'a str) -> Option<Self> {
        let mut longest: Option<(usize, usize)> = None;
        let mut opened = 0;
        for Token { at, char, depth } in tokens(text) {
            match char {
                '(' | '[' | '{' if depth == 0 => opened = at,
                ')' | ']' | '}' if depth == 0 => {
                    let is_longer = longest.is_none_or(|(start, end)| at - opened > end - start);
                    if is_longer && at > opened + 1 {
                        longest = Some((opened, at));
                    }
                }
                _ => {}
            }
        }
        let (start, end) = longest?;
        let (before, rest) = text.split_at_checked(start + 1)?;
        let (inside, after) = rest.split_at_checked(end - start - 1)?;
        Some(Self {
            before,
            inside,
            after,
            is_filled: ["use ", "pub use ", "let _ = "]
                .iter()
                .any(|start| text.starts_with(start)),
        })
    }

    /// A comma makes a tuple of what is only in parentheses.
    fn may_end_with_comma(&self, elements: &[&str]) -> bool {
        let before = self.before.trim_end_matches(['(', '[', '{']);
        let is_called = before.ends_with(|c: char| c.is_alphanumeric() || "_!>".contains(c));
        elements.len() > 1 || is_called || self.before.ends_with('[')
    }
}

/// The elements of a list, without the commas between them.
fn elements(inside: &str) -> Vec<&str> {
    let mut elements = Vec::new();
    let mut start = 0;
    for Token { at, char, depth } in tokens(inside) {
        if char == ',' && depth == 0 {
            elements.extend(inside.get(start..at));
            start = at + 1;
        }
    }
    elements.extend(inside.get(start..));
    let elements = elements.into_iter().map(str::trim);
    elements.filter(|element| !element.is_empty()).collect()
}

/// A character that means something to lists, and how many lists are around it.
struct Token {
    at: usize,
    char: char,
    depth: usize,
}

/// What opens, parts and closes lists, type arguments included, outside of literals.
fn tokens(text: &str) -> impl Iterator<Item = Token> {
    let mut depth = 0_usize;
    let mut before = ' ';
    let mut skipped_until = 0;
    // The parameters of a closure are not elements.
    let mut is_closure = false;
    text.char_indices().filter_map(move |(at, char)| {
        let previous = std::mem::replace(&mut before, char);
        if at < skipped_until {
            return None;
        }
        if char == '|' {
            is_closure = !is_closure;
        }
        if is_closure {
            return None;
        }
        let here = match char {
            '"' | '\'' => {
                skipped_until = at + literal(text.get(at..).unwrap_or_default());
                return None;
            }
            '(' | '[' | '{' | '<' => {
                depth += 1;
                depth - 1
            }
            '>' if matches!(previous, '-' | '=') => return None,
            ')' | ']' | '}' | '>' => {
                depth = depth.saturating_sub(1);
                depth
            }
            ',' => depth,
            _ => return None,
        };
        Some(Token {
            at,
            char,
            depth: here,
        })
    })
}

/// How long the literal is that a text begins with. A lifetime is one of its first character.
fn literal(text: &str) -> usize {
    let quote = text.chars().next().unwrap_or_default();
    let mut is_escaped = false;
    let mut after = text.char_indices().skip(1);
    let end = after.find(|&(_, char)| {
        let ends = char == quote && !is_escaped;
        is_escaped = char == '\\' && !is_escaped;
        ends
    });
    let length = end.map_or(1, |(at, _)| at + 1);
    let is_lifetime =
        quote == '\'' && !text.starts_with("'\\") && text.chars().nth(2) != Some('\'');
    if is_lifetime { 1 } else { length }
}

#[cfg(test)]
mod tests {
    use super::laid_out;

    #[test]
    fn blank_lines_stand_between_items_and_statements() {
        let code =
            "\n\nuse a;\n\n\n\nfn f() {\n\n    // Why.\n    let a = 1;   \n\n}\n///  kept  \n\n";
        let expected = "use a;\n\nfn f() {\n    // Why.\n    let a = 1;\n}\n///  kept  \n";
        assert_eq!(laid_out(code), expected);
    }

    #[test]
    fn long_lines_are_broken_at_their_longest_list() {
        let code = "    async fn f(first: Vec<(u8, String)>, second: HashMap<String, &'static str>, third: &str) -> Result<(), E> {\n";
        let expected = "    async fn f(
        first: Vec<(u8, String)>,
        second: HashMap<String, &'static str>,
        third: &str,
    ) -> Result<(), E> {\n";
        assert_eq!(laid_out(code), expected);
    }

    #[test]
    fn a_long_arm_is_broken_behind_its_arrow() {
        let (pattern, action) = ("A".repeat(60), "b".repeat(60));
        let code = format!("    {pattern} => {action}(c, d),\n");
        let expected = format!("    {pattern} =>\n        {action}(c, d),\n");
        assert_eq!(laid_out(&code), expected);
    }

    #[test]
    fn what_is_quoted_is_whole() {
        let text = "x".repeat(90);
        let code = format!("f(\"a, \\\"({text}\", ',', '\\'', b);\n");
        let expected = format!("f(\n    \"a, \\\"({text}\",\n    ',',\n    '\\'',\n    b,\n);\n");
        assert_eq!(laid_out(&code), expected);
    }

    #[test]
    fn a_line_of_use_is_filled() {
        let names = vec!["Name"; 20].join(", ");
        let filled = laid_out(&format!("use a::{{{names}}};\n"));
        assert_eq!(filled.lines().count(), 4, "{filled}");
    }

    #[test]
    fn parentheses_do_not_become_a_tuple() {
        let code = format!("let x = &(a{});\n", " + b".repeat(30));
        assert!(!laid_out(&code).contains(','));
    }
}
