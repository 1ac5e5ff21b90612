//! Characters that mislead authors, because they look like others.

use crate::{
    characters::{look_alike, sign},
    read::scan::quoted,
};
use serde_yaml::Value;

/// A character in the line of an error, or in the one before, that may have misled the author.
pub(super) fn near(text: &str, error: usize) -> Option<usize> {
    let before = text.get(..error)?;
    // The line of the error, and the two before it.
    let start = before
        .rmatch_indices('\n')
        .nth(2)
        .map_or(0, |(newline, _)| newline + 1);
    let end = text
        .get(error..)?
        .find('\n')
        .map_or(text.len(), |newline| error + newline);
    let quoted = quoted(text);
    let is_quoted = |at: &usize| quoted.iter().any(|span| span.contains(at));
    let mut at = start;
    for line in text.get(start..end)?.split('\n') {
        let code = line.split(" #").next().unwrap_or_default();
        let is_suspect =
            |(found, c): &(usize, char)| look_alike(*c).is_some() || is_sign(code, *found, *c);
        let mut suspects = code
            .char_indices()
            .filter(is_suspect)
            .map(|(found, _)| at + found);
        if let Some(found) = suspects.find(|found| !is_quoted(found)) {
            return Some(found);
        }
        at += line.len() + 1;
    }
    None
}

/// Whether a character stands where YAML has the sign that it looks like: behind a key, or where a value begins.
fn is_sign(line: &str, at: usize, c: char) -> bool {
    let before = line.get(..at).unwrap_or_default().trim();
    match sign(c) {
        Some(':') => {
            let key = before.rsplit([' ', '{', ',']).next().unwrap_or_default();
            !key.is_empty() && key.is_ascii() && !line.contains(':')
        }
        Some(_) => before.is_empty() || before.ends_with([':', '-', ',', '[', '{']),
        None => false,
    }
}

/// The first character that YAML takes nowhere, and why not.
pub(super) fn refused(text: &str) -> Option<(usize, &'static str)> {
    let why = |c: char| match c {
        '\n' | '\r' | '\t' | '\u{85}' => None,
        '\u{feff}' => Some("a byte order mark belongs at the beginning of a file"),
        c if c.is_control() => Some("control characters are not allowed"),
        '\u{fffe}' | '\u{ffff}' => Some("not a character"),
        _ => None,
    };
    text.char_indices().find_map(|(at, c)| Some((at, why(c)?)))
}

/// A line whose indentation has a character that is not a space, and so became a part of its key.
pub(super) fn in_indentation(text: &str, value: &Value) -> Option<usize> {
    let key = misread_key(value)?;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let indentation = line.len() - line.trim_start_matches([' ', '-']).len();
        if line
            .get(indentation..)
            .is_some_and(|rest| rest.starts_with(key))
        {
            return Some(at + indentation);
        }
        at += line.len();
    }
    None
}

/// A key that begins with a character that only looks like a space.
fn misread_key(value: &Value) -> Option<&str> {
    match value {
        Value::Mapping(mapping) => mapping.iter().find_map(|(key, value)| {
            let key = key.as_str()?;
            let is_misread = key.starts_with(|c| look_alike(c).is_some());
            if is_misread {
                Some(key)
            } else {
                misread_key(value)
            }
        }),
        Value::Sequence(elements) => elements.iter().find_map(misread_key),
        _ => None,
    }
}
