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
        code::SAID_TWICE,
        place(again),
        format!("the key `{key}` is there twice"),
    )
    .label("again here")
    .related(place(first), "first here")
    .help("keep one of them")
}

fn syntax(source: SourceId, message: &str, at: usize) -> Diagnostic {
    let (label, help) = match message {
        message if message.contains("recursion limit") || message.contains("nested too deeply") => {
            ("nested too deeply", "a spec needs a handful of levels")
        }
        message if message.contains("repetition limit") => {
            ("aliases expand to too much", "use fewer aliases of aliases")
        }
        "a tab" => (
            "a tab: YAML is indented with spaces",
            "replace tabs by spaces",
        ),
        message if message.contains("did not find expected ',' or '}'") => (
            message,
            "close the brace; inside of `{ }`, quote values with braces: `path: \"/rooms/{room}\"`",
        ),
        message
            if message.contains("invalid type: integer")
                || message.contains("invalid type: floating") =>
        {
            (
                "a number that is out of any range",
                "quote it if it is text, or the default of an `i128` or `u128`",
            )
        }
        message if message.contains("more than one document") => (
            "another document starts here",
            "one file, one spec: remove `---`",
        ),
        message if message.contains("unknown anchor") => (
            "no anchor of this name before here",
            "define it with `&name`, or quote the text if it should start with `*`",
        ),
        message => (
            message,
            "check the indentation, and quote text that has `: `, ` #`, or starts with one of `{ [ * & ! % @`",
        ),
    };
    Diagnostic::error(
        code::SYNTAX,
        at_byte(source, at),
        "this is not a YAML document that can be read",
    )
    .label(label)
    .help(help)
}

fn at_byte(source: SourceId, at: usize) -> Place {
    Place::document(source).within(at..at + 1)
}
