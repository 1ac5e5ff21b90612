//! YAML text into a tree of values.

mod characters;
mod documents;

use crate::{
    characters::{advice, look_alike},
    diagnostic::{Diagnostic, code},
    place::{Place, SourceId},
    read::{advice::missing_space, locate::Map, readable::Readable, scan::too_deep},
};
use serde_yaml::Value;
use std::ops::Range;

/// Reads one YAML document. Anchors, aliases and merge keys are resolved.
///
/// # Errors
///
/// A diagnostic at the position where reading stopped.
pub(super) fn load(source: SourceId, text: &str) -> Result<Value, Box<Diagnostic>> {
    let text = documents::first(text);
    if let Some((at, label)) = characters::refused(text) {
        return Err(Box::new(unreadable_character(source, text, at, label)));
    }
    if let Some(at) = conflict(text) {
        return Err(Box::new(syntax(source, "a conflict marker of git", at)));
    }
    if let Some(at) = too_deep(text) {
        return Err(Box::new(syntax(source, "nested too deeply", at)));
    }
    let readable = Readable::new(text);
    if let Some(at) = readable.stray_separator() {
        return Err(Box::new(unreadable_character(
            source,
            text,
            at,
            "YAML takes it for the end of a line",
        )));
    }
    let refused = |error: serde_yaml::Error| Box::new(refused(source, text, &readable, &error));
    let mut value: Value = serde_yaml::from_str(readable.as_str()).map_err(refused)?;
    value.apply_merge().map_err(refused)?;
    match characters::in_indentation(text, &value) {
        Some(at) => Err(Box::new(unexpected_character(source, text, at))),
        None => Ok(value),
    }
}

fn refused(
    source: SourceId,
    text: &str,
    readable: &Readable,
    error: &serde_yaml::Error,
) -> Diagnostic {
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    if message.contains("duplicate entry with key ")
        && let Some((first, again)) = Map::new(text).duplicate_key()
    {
        return duplicate_key(source, text, first, again);
    }
    if message.contains("for merging")
        && let Some(span) = Map::new(text).bad_merge()
    {
        return syntax(source, message, span.start);
    }
    if message.contains("more than one document") {
        return syntax(source, message, documents::second(text).unwrap_or(0));
    }
    // libyaml counts characters.
    let character = error.location().map_or(0, |location| location.index());
    let at = readable
        .as_str()
        .char_indices()
        .nth(character)
        .map_or(text.len(), |(byte, _)| readable.original(byte));
    if message.contains("mapping values are not allowed")
        && let Some(at) = colon_before(text, at)
    {
        return syntax(source, "no space after the colon", at);
    }
    match characters::near(text, at) {
        Some(at) => unexpected_character(source, text, at),
        None if text.get(at..).is_some_and(|rest| rest.starts_with('\t')) => {
            syntax(source, "a tab", at)
        }
        None => syntax(source, message, at),
    }
}

/// The first line that git has put between the sides of a conflict.
fn conflict(text: &str) -> Option<usize> {
    const MARKERS: [&str; 3] = ["<<<<<<< ", "||||||| ", ">>>>>>> "];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if MARKERS.iter().any(|marker| line.starts_with(marker)) {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// The colon without a space behind it in the last line before this one that says something, as in `version:1`.
fn colon_before(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at)?;
    let mut end = before.rfind('\n')?;
    loop {
        let start = before.get(..end)?.rfind('\n').map_or(0, |at| at + 1);
        let line = before.get(start..end)?;
        let code = line.trim_start();
        if !code.is_empty() && !code.starts_with('#') {
            return missing_space(code).map(|colon| start + line.len() - code.len() + colon);
        }
        end = start.checked_sub(1)?;
    }
}

fn unexpected_character(source: SourceId, text: &str, at: usize) -> Diagnostic {
    let c = text.get(at..).and_then(|rest| rest.chars().next());
    let label = match c.and_then(look_alike) {
        Some(name) => format!("{name}: YAML takes only plain spaces and straight quotes"),
        None => "not a sign of YAML".to_owned(),
    };
    let diagnostic = syntax(source, &label, at);
    diagnostic.help_if(c.and_then(|c| advice(c.encode_utf8(&mut [0; 4]))))
}

/// A character that no YAML may have, or that ends a line by surprise.
fn unreadable_character(source: SourceId, text: &str, at: usize, label: &str) -> Diagnostic {
    let c = text.get(at..).and_then(|rest| rest.chars().next());
    let code = c.map_or(0, u32::from);
    let help = format!("remove it, or write `\\u{code:04x}` in double quotes");
    syntax(source, &format!("U+{code:04X}: {label}"), at).help(help)
}

fn duplicate_key(
    source: SourceId,
    text: &str,
    first: Range<usize>,
    again: Range<usize>,
) -> Diagnostic {
    let key = text.get(again.clone()).unwrap_or_default();
    let place = |span| Place::document(source).within(span);
    Diagnostic::error(
        code::DUPLICATE,
        place(again),
        format!("duplicate key `{key}`"),
    )
    .label("again here")
    .related(place(first), "first here")
    .help("keep one of them")
}

/// What libyaml and serde say, by a part of it; what to say instead, where there is something better; and what to do.
const ADVICE: &[(&str, Option<&str>, &str)] = &[
    (
        "for merging",
        Some("`<<` takes a mapping"),
        "merge an anchor, as in `<<: *name`",
    ),
    (
        "recursion limit",
        Some("nested too deeply"),
        "a spec needs only a few levels",
    ),
    ("nested too deeply", None, "a spec needs only a few levels"),
    (
        "a conflict marker",
        None,
        "resolve the conflict, and remove all markers",
    ),
    (
        "no space after",
        None,
        "write a space after the colon, as in `version: 1`",
    ),
    (
        "did not find expected alphabetic or numeric character",
        Some("YAML takes this for the name of an anchor"),
        "quote text that starts with `&` or `*`; as a type, write `String`: references are not taken",
    ),
    (
        "repetition limit",
        Some("these aliases expand to too much"),
        "use fewer aliases of aliases",
    ),
    (
        "a tab",
        Some("a tab: YAML is indented with spaces"),
        "replace tabs with spaces",
    ),
    (
        "did not find expected ',' or '}'",
        None,
        "close the brace; inside `{ }`, quote values that contain braces, as in `path: \"/rooms/{room}\"`",
    ),
    (
        "invalid Unicode character escape",
        Some("not a character"),
        "write the character itself; one half of a surrogate pair needs the other, as in `\\ud83d\\ude00`",
    ),
    (
        "invalid type: integer",
        Some("this number is out of range"),
        "quote it if it is text, or the default of an `i128` or `u128`",
    ),
    (
        "invalid type: floating",
        Some("this number is out of range"),
        "quote it if it is text, or the default of an `i128` or `u128`",
    ),
    (
        "more than one document",
        Some("a second document starts here"),
        "write one spec per file: remove `---`",
    ),
    (
        "unknown anchor",
        Some("no anchor of this name above"),
        "define it with `&name`, or quote the text if it starts with `*`",
    ),
    (
        "",
        None,
        "check the indentation, and quote text that contains `: ` or ` #`, or starts with one of `{ [ * & ! % @`",
    ),
];

fn syntax(source: SourceId, message: &str, at: usize) -> Diagnostic {
    let advice = ADVICE.iter().find(|(part, ..)| message.contains(part));
    let (label, help) = advice.map_or((message, ""), |(_, label, help)| {
        (label.unwrap_or(message), *help)
    });
    Diagnostic::error(code::SYNTAX, at_byte(source, at), "invalid YAML")
        .label(label)
        .help(help)
}

fn at_byte(source: SourceId, at: usize) -> Place {
    Place::document(source).within(at..at + 1)
}
