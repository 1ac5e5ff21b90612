//! A text as YAML parsers take it, though it is written as JSON writes it.
//!
//! libyaml does not know that JSON writes `😀` as `\ud83d\ude00`, and takes U+2028 for the end of a line.

use super::scan::quoted;
use std::{borrow::Cow, ops::Range};

/// Characters that end a line for libyaml and not for anybody else, and what stands for them in double quotes.
const SEPARATORS: [(char, &str); 3] = [('\u{85}', "\\N"), ('\u{2028}', "\\L"), ('\u{2029}', "\\P")];

/// A text with other characters in its double quotes, which mean the same.
#[derive(Debug)]
pub struct Readable<'a> {
    text: Cow<'a, str>,
    changes: Vec<Change>,
}

/// The end of a changed part: where it is, and where it was in the original.
#[derive(Clone, Copy, Debug)]
struct Change {
    is: usize,
    was: usize,
}

impl<'a> Readable<'a> {
    /// Makes a text readable.
    #[must_use]
    pub fn new(original: &'a str) -> Self {
        let mut readable = Self {
            text: Cow::Borrowed(original),
            changes: Vec::new(),
        };
        if !original.contains(is_separator) && !has_surrogates(original) {
            return readable;
        }
        let mut text = String::new();
        let mut copied = 0;
        for (part, instead) in quoted(original)
            .into_iter()
            .flat_map(|span| replaced(original, span))
        {
            text.push_str(original.get(copied..part.start).unwrap_or_default());
            text.push_str(&instead);
            copied = part.end;
            readable.changes.push(Change {
                is: text.len(),
                was: copied,
            });
        }
        text.push_str(original.get(copied..).unwrap_or_default());
        readable.text = Cow::Owned(text);
        readable
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where a byte of the text was in the original.
    #[must_use]
    pub fn original(&self, at: usize) -> usize {
        let before = self.changes.partition_point(|change| change.is <= at);
        let last = before
            .checked_sub(1)
            .and_then(|last| self.changes.get(last));
        last.map_or(at, |change| change.was + (at - change.is))
    }

    /// The same for a range.
    #[must_use]
    pub fn original_range(&self, range: &Range<usize>) -> Range<usize> {
        self.original(range.start)..self.original(range.end)
    }

    /// The first separator that would end a line, because it is not in double quotes.
    #[must_use]
    pub fn stray_separator(&self) -> Option<usize> {
        self.text.find(is_separator).map(|at| self.original(at))
    }
}

/// What is replaced in a quoted part, and by what.
fn replaced(text: &str, quoted: Range<usize>) -> Vec<(Range<usize>, String)> {
    let mut replaced = Vec::new();
    let mut at = quoted.start;
    while let Some((rest, c)) = text
        .get(at..quoted.end)
        .and_then(|rest| Some((rest, rest.chars().next()?)))
    {
        let (length, instead) = match c {
            '\\' => match surrogates(rest) {
                Some(pair) => (LENGTH_OF_PAIR, Some(pair.to_string())),
                None => (1 + rest.chars().nth(1).map_or(0, char::len_utf8), None),
            },
            c => (c.len_utf8(), escape(c).map(str::to_owned)),
        };
        replaced.extend(instead.map(|instead| (at..at + length, instead)));
        at += length;
    }
    replaced
}

fn is_separator(c: char) -> bool {
    escape(c).is_some()
}

fn escape(c: char) -> Option<&'static str> {
    let found = SEPARATORS.iter().find(|(separator, _)| *separator == c);
    found.map(|(_, escape)| *escape)
}

/// The length of `\ud83d\ude00`.
const LENGTH_OF_PAIR: usize = 12;

fn has_surrogates(text: &str) -> bool {
    text.contains("\\ud") || text.contains("\\uD")
}

/// The character that a text begins with, written as two escapes.
fn surrogates(text: &str) -> Option<char> {
    let unit = |at: usize| {
        let digits = text.get(at..at + LENGTH_OF_PAIR / 2)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let (high, low) = (unit(0)?, unit(LENGTH_OF_PAIR / 2)?);
    let mut decoded = char::decode_utf16([high, low]);
    let pair = decoded.next()?.ok()?;
    decoded.next().is_none().then_some(pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readable(text: &str) -> String {
        Readable::new(text).as_str().to_owned()
    }

    #[test]
    fn what_json_writes_is_replaced_in_double_quotes_only() {
        assert_eq!(readable(r#"a: "x \ud83d\ude00 y""#), "a: \"x 😀 y\"");
        assert_eq!(
            readable(r#"["\uD83D\uDE00", '\ud83d\ude00', \ud83d\ude00]"#),
            r#"["😀", '\ud83d\ude00', \ud83d\ude00]"#
        );
        for kept in [
            r#""\\ud83d\\ude00""#,
            r#""\ud83d x""#,
            r#""\ud83d\u0041""#,
            r#""\ude00\ud83d""#,
            r#"a: |
  "\ud83d\ude00""#,
        ] {
            assert_eq!(readable(kept), kept);
        }
        assert_eq!(
            readable("\"a \u{2028}b\u{85}\u{2029}\""),
            "\"a \\Lb\\N\\P\""
        );
    }

    #[test]
    fn positions_are_those_of_the_original() {
        let original = "a: \"\\ud83d\\ude00\u{2028}x\"\nb: y";
        let text = Readable::new(original);
        for c in ["a", "x", "b", "y"] {
            let at = text.as_str().find(c).unwrap();
            assert_eq!(Some(text.original(at)), original.find(c));
        }
        assert_eq!(text.stray_separator(), None);
        let stray = Readable::new("# \u{2028}\n\"\u{2028}\"");
        assert_eq!(stray.stray_separator(), Some(2));
    }
}
