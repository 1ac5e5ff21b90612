//! Reads typed values out of YAML nodes and notes what is wrong with them.

use super::{advice, field::ReadEntry, scalars};
use crate::{
    characters,
    diagnostic::{Diagnostic, ENOUGH, code},
    place::{At, Place, SourceId},
    suggest,
    value::{Described, Form, Key, MOST_ENTRIES, Mistake, Plain, Section, in_words},
};
use serde_yaml::{Mapping, Value};

/// A YAML value and its place.
#[derive(Clone)]
pub(super) struct Node<'a> {
    pub(super) value: &'a Value,
    pub(super) place: Place,
}

impl<'a> Node<'a> {
    pub(super) fn document(source: SourceId, value: &'a Value) -> Self {
        Self {
            value,
            place: Place::document(source),
        }
    }
}

/// A mapping whose keys are all known.
pub(super) struct Fields<'a> {
    mapping: Option<&'a Mapping>,
    section: &'static Section,
    place: Place,
}

impl<'a> Fields<'a> {
    /// No fields.
    pub(super) fn none(section: &'static Section, place: Place) -> Self {
        Self {
            mapping: None,
            section,
            place,
        }
    }

    /// The value of `key`; `None` where it is missing, or is required and has no value.
    pub(super) fn get(&self, key: &str) -> Option<Node<'a>> {
        let value = self.mapping?.get(key)?;
        let is_required = || self.required().any(|known| known.name == key);
        (!value.is_null() || !is_required()).then(|| Node {
            value,
            place: self.place.key(key),
        })
    }

    /// The entries whose keys the author chooses, beside those of the section.
    pub(super) fn others<E: ReadEntry>(&self, reader: &mut Reader) -> Vec<E> {
        let mapping = self.mapping.into_iter().flatten();
        let chosen = mapping.filter_map(|(key, value)| Some((key.as_str()?, value)));
        let chosen = chosen.filter(|(key, _)| !key.starts_with('$'));
        let read = |(key, value)| {
            let place = self.place.key(key);
            let node = Node { value, place };
            E::read(&At::new(key, node.place.of_key()), &node, reader)
        };
        chosen.filter_map(read).collect()
    }

    /// The required keys.
    fn required(&self) -> impl Iterator<Item = &'static Key> {
        self.section.keys().filter(|key| key.required.is_some())
    }
}

/// Collects what is wrong while reading.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Reader {
    /// Notes a mistake, unless there are enough.
    pub(super) fn note(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < ENOUGH {
            self.diagnostics.push(diagnostic);
        }
    }

    /// The fields of a mapping whose keys are those of `section`.
    pub(super) fn fields<'a>(
        &mut self,
        node: &Node<'a>,
        section: &'static Section,
    ) -> Option<Fields<'a>> {
        let mapping = self.mapping(node, section.what)?;
        for key in mapping.keys() {
            let Some(key) = self.key(node, key) else {
                continue;
            };
            let is_free = match &section.others {
                Some(_) => !key.starts_with('$'),
                None => is_ignored(key, node),
            };
            if !is_free && section.keys().all(|known| known.name != key) {
                self.unknown_key(key, node, section);
            }
        }
        let fields = Fields {
            mapping: Some(mapping),
            section,
            place: node.place.clone(),
        };
        for key in fields.required() {
            self.required(node, key, &fields);
        }
        Some(fields)
    }

    /// Notes that a required key is missing, or has an empty mapping.
    fn required(&mut self, node: &Node, key: &Key, fields: &Fields) {
        let (place, message, label) = match fields.get(key.name) {
            None => (
                node.place.of_key(),
                format!("missing key `{}`", key.name),
                format!("{} needs the key `{}`", fields.section.what, key.name),
            ),
            Some(value) if value.value.as_mapping().is_some_and(Mapping::is_empty) => (
                value.place.of_key(),
                format!("`{}` is empty", key.name),
                "expected at least one entry".to_owned(),
            ),
            Some(_) => return,
        };
        let help = key.required.unwrap_or_default();
        let help = help.replace("{}", node.place.name().unwrap_or_default());
        self.note(
            Diagnostic::error(code::MISSING_KEY, place, message)
                .label(label)
                .help(help),
        );
    }

    fn unknown_key(&mut self, key: &str, node: &Node, section: &'static Section) {
        let keys: Vec<&str> = section.keys().map(|key| key.name).collect();
        self.note(
            Diagnostic::error(
                code::UNKNOWN_KEY,
                node.place.key(key).of_key(),
                format!("{} has no key `{key}`", section.what),
            )
            .label("unknown key")
            .help_if(suggest::did_you_mean(key, "the keys are", &keys))
            .help_if(characters::advice(key))
            .help_if(advice::about_key(key, node, section)),
        );
    }

    /// The entries of a mapping whose keys the author chooses.
    pub(super) fn entries<'a>(&mut self, node: &Node<'a>) -> Vec<(At<&'a str>, Node<'a>)> {
        let read = |reader: &mut Self, key: &'a Value| reader.key(node, key);
        self.entries_by(node, read)
    }

    /// The same, where keys may be numbers.
    pub(super) fn numbered<'a>(&mut self, node: &Node<'a>) -> Vec<(At<String>, Node<'a>)> {
        let read = |reader: &mut Self, key: &Value| match key {
            Value::Number(number) => Some(scalars::written(number)),
            _ => reader.key(node, key).map(str::to_owned),
        };
        self.entries_by(node, read)
    }

    fn entries_by<'a, K: AsRef<str>>(
        &mut self,
        node: &Node<'a>,
        read: impl Fn(&mut Self, &'a Value) -> Option<K>,
    ) -> Vec<(At<K>, Node<'a>)> {
        let what = format!("`{}`", node.place.name().unwrap_or_default());
        let Some(mapping) = self.mapping(node, &what) else {
            return Vec::new();
        };
        let mut entries = Vec::new();
        for (key, value) in mapping {
            if let Some(key) = read(self, key) {
                let place = node.place.key(key.as_ref());
                entries.push((At::new(key, place.of_key()), Node { value, place }));
            }
        }
        entries
    }

    /// The elements of a list, which may be a single text.
    pub(super) fn elements<'a>(&mut self, node: &Node<'a>, expected: &Form) -> Vec<Node<'a>> {
        let sequence = match node.value {
            Value::Sequence(sequence) => sequence,
            // One is a list too.
            Value::String(_) => return vec![node.clone()],
            _ => {
                self.wrong_type::<()>(node, expected);
                return Vec::new();
            }
        };
        if self.has_too_many(node, sequence.len()) {
            return Vec::new();
        }
        let element = |(index, value)| Node {
            value,
            place: node.place.index(index),
        };
        sequence.iter().enumerate().map(element).collect()
    }

    /// A text, read by `parse`.
    pub(super) fn text<T: Described>(
        &mut self,
        node: &Node,
        parse: impl FnOnce(&str) -> Result<T, Mistake>,
    ) -> Option<At<T>> {
        match node.value {
            Value::String(text) => self.parsed(text, node.place.clone(), parse),
            _ => self.not_text(node, &T::FORM),
        }
    }

    /// A text that is not a value, such as a key.
    pub(super) fn parsed<T>(
        &mut self,
        text: &str,
        place: Place,
        parse: impl FnOnce(&str) -> Result<T, Mistake>,
    ) -> Option<At<T>> {
        match parse(text) {
            Ok(value) => Some(At::new(value, place)),
            Err(mistake) => {
                let mistake = mistake.help_if(characters::advice(text));
                self.note(mistake.at(&place));
                None
            }
        }
    }

    /// Notes that a value does not have the expected form. There is nothing to return then.
    pub(super) fn wrong_type<T>(&mut self, node: &Node, expected: &Form) -> Option<T> {
        let diagnostic = wrong_type(node, &in_words(expected, &Plain));
        self.note(diagnostic.help_if(advice::about(node)));
        None
    }

    /// Notes that a value is not text.
    pub(super) fn not_text<T>(&mut self, node: &Node, expected: &Form) -> Option<T> {
        let is_scalar = matches!(node.value, Value::Bool(_) | Value::Number(_));
        let help = is_scalar.then(|| "quote it".to_owned());
        let help = help.or_else(|| advice::about(node));
        let diagnostic = wrong_type(node, &in_words(expected, &Plain));
        self.note(diagnostic.help_if(help));
        None
    }

    fn mapping<'a>(&mut self, node: &Node<'a>, what: &str) -> Option<&'a Mapping> {
        let Value::Mapping(mapping) = node.value else {
            let diagnostic = wrong_type(node, &format!("a mapping for {what}"));
            self.note(diagnostic.help_if(advice::instead_of_mapping(node)));
            return None;
        };
        (!self.has_too_many(node, mapping.len())).then_some(mapping)
    }

    fn has_too_many(&mut self, node: &Node, entries: usize) -> bool {
        let too_many = entries > MOST_ENTRIES;
        if too_many {
            let message = format!("too many entries: {entries}");
            self.note(
                Diagnostic::error(code::TOO_MANY, node.place.of_key(), message)
                    .label(format!("at most {MOST_ENTRIES}"))
                    .help("split the spec: all specs of a project share one router"),
            );
        }
        too_many
    }

    fn key<'a>(&mut self, node: &Node, key: &'a Value) -> Option<&'a str> {
        if key.as_str().is_none() {
            let text = match key {
                Value::Bool(value) => value.to_string(),
                Value::Number(number) => number.to_string(),
                _ => String::new(),
            };
            self.note(
                Diagnostic::error(
                    code::WRONG_TYPE,
                    node.place.key(&text).of_key(),
                    format!("a key must be text, found {}", describe(key)),
                )
                .label("not text")
                .help("quote the key"),
            );
        }
        key.as_str()
    }
}

/// Whether a key is left to other tools: `x-` keys, and at the top the editor's `$schema`.
fn is_ignored(key: &str, node: &Node) -> bool {
    key.starts_with("x-") || (key == "$schema" && node.place.name().is_none())
}

fn wrong_type(node: &Node, expected: &str) -> Diagnostic {
    let found = describe(node.value);
    let message = format!("expected {expected}, found {found}");
    let text = node.value.as_str();
    Diagnostic::error(code::WRONG_TYPE, node.place.clone(), message)
        .label(format!("this is {found}"))
        .help_if(text.and_then(characters::advice))
}

fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(true) => "`true`",
        Value::Bool(false) => "`false`",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Sequence(_) => "a list",
        Value::Mapping(_) => "a mapping",
        Value::Tagged(_) => "a value with a tag",
    }
}
