//! YAML text into a tree of values.

use crate::{
    diagnostic::{Diagnostic, code},
    place::{Place, SourceId},
    read::locate::{Map, too_deep},
};
use serde_yaml::Value;
use std::ops::Range;

/// Reads one YAML document. Anchors, aliases and merge keys are resolved.
///
/// # Errors
///
/// A diagnostic at the position where reading stopped.
pub(super) fn load(source: SourceId, text: &str) -> Result<Value, Box<Diagnostic>> {
    if let Some(at) = too_deep(text) {
        return Err(Box::new(syntax(source, "nested too deeply", at)));
    }
    let mut value: Value =
        serde_yaml::from_str(text).map_err(|error| Box::new(refused(source, text, &error)))?;
    value
        .apply_merge()
        .map_err(|error| Box::new(refused(source, text, &error)))?;
    Ok(value)
}

fn refused(source: SourceId, text: &str, error: &serde_yaml::Error) -> Diagnostic {
    // libyaml counts characters.
    let character = error.location().map_or(0, |location| location.index());
    let at = text
        .char_indices()
        .nth(character)
        .map_or(text.len(), |(byte, _)| byte);
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    if message.contains("duplicate entry with key ")
        && let Some((first, again)) = Map::new(text).duplicate_key()
    {
        return said_twice(source, text, first, again);
    }
    let is_tab = text.get(at..).is_some_and(|rest| rest.starts_with('\t'));
    syntax(source, if is_tab { "a tab" } else { message }, at)
}

fn said_twice(
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
        "recursion limit",
        Some("nested too deeply"),
        "a spec needs only a few levels",
    ),
    ("nested too deeply", None, "a spec needs only a few levels"),
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
