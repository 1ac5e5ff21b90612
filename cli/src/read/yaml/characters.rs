//! Characters that mislead authors, because they look like others.

use crate::characters::look_alike;
use serde_yaml::Value;

/// A character in the line of an error, or in the one before, that may have misled the author.
pub(super) fn near(text: &str, error: usize) -> Option<usize> {
    let before = text.get(..error)?;
    let line = before.rfind('\n').unwrap_or(0);
    let start = before
        .get(..line)?
        .rfind('\n')
        .map_or(0, |newline| newline + 1);
    let lines = text.get(start..)?.lines().take(2);
    lines
        .scan(start, |at, line| {
            let here = *at;
            *at += line.len() + 1;
            Some((here, line.split(" #").next().unwrap_or_default()))
        })
        .find_map(|(at, line)| Some(at + line.find(|c| look_alike(c).is_some())?))
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
