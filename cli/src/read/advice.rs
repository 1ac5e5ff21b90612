//! What to write instead of a value of the wrong kind.

use super::{locate::Map, reader::Node};
use crate::{characters, diagnostic::Diagnostic, value::Section};
use serde_yaml::{Mapping, Value};

/// A key that a section does not have: a text in braces without quotes, or an entry that should be indented.
pub(super) fn about_key(key: &str, node: &Node, section: &Section) -> Option<String> {
    let Value::Mapping(mapping) = node.value else {
        return None;
    };
    if let Some(help) = in_braces(mapping) {
        return Some(help);
    }
    let is_endpoint = |value: &Value| {
        let mapping = value.as_mapping();
        mapping.is_some_and(|mapping| mapping.contains_key("path"))
    };
    let is_spec = node.place.name().is_none() && section.keys().any(|key| key.name == "endpoints");
    let is_outside = is_spec && mapping.get(key).is_some_and(is_endpoint);
    is_outside.then(|| "indent it below `endpoints:`".to_owned())
}

/// A value where a mapping is expected.
pub(super) fn instead_of_mapping(node: &Node) -> Option<String> {
    let is_document = node.place.name().is_none();
    match node.value {
        Value::Null if is_document => Some("begin with `version: 1`".to_owned()),
        Value::Sequence(_) => Some(
            "write an entry with its name on each line, as in `name: …`, without `-` and without `[ ]`"
                .to_owned(),
        ),
        Value::String(text) if missing_space(text).is_some() => {
            Some("write a space after the colon".to_owned())
        }
        Value::String(text) => characters::advice(text),
        _ => None,
    }
}

/// Another value of the wrong kind.
pub(super) fn about(node: &Node) -> Option<String> {
    let help = match node.value {
        Value::Null if node.place.name().is_some_and(|name| name.ends_with('>')) => {
            "quote the type that this is a part of: inside `{ }`, a comma begins the next entry"
        }
        Value::Null => "write a value, or leave it out; `~` and `null` are text only in quotes",
        Value::Tagged(_) => "leave the tag out, which begins with `!`",
        Value::Mapping(mapping) => return in_braces(mapping),
        _ => return None,
    };
    Some(help.to_owned())
}

/// `{room}` is a mapping for YAML.
fn in_braces(mapping: &Mapping) -> Option<String> {
    let mut entries = mapping.iter();
    match (entries.next(), entries.next()) {
        (Some((Value::String(text), Value::Null)), None) => {
            Some(format!("quote text in braces: `\"{{{text}}}\"`"))
        }
        _ => None,
    }
}

/// Where a colon has no space behind it, as in `version:1`.
pub(super) fn missing_space(line: &str) -> Option<usize> {
    let (key, value) = line.split_once(':')?;
    let is_key = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let is_value = value.starts_with(|c: char| !c.is_whitespace() && c != ':' && c != '/');
    let is_missing = is_value && !key.is_empty() && key.chars().all(is_key);
    is_missing.then_some(key.len())
}

/// Adds what a value is that nobody sees: the name of an anchor, as in `&str`.
pub(super) fn explain_anchors(diagnostics: &mut [Diagnostic], text: &str) {
    if !text.contains('&') {
        return;
    }
    let map = Map::new(text);
    for diagnostic in diagnostics {
        let found = text.get(map.find(&diagnostic.place)).unwrap_or_default();
        if found.starts_with('&') && diagnostic.message.ends_with("found nothing") {
            diagnostic.help = Some(format!(
                "YAML takes `{found}` for the name of an anchor; references are not taken: for text, write `String`"
            ));
        }
    }
}
