//! Reads typed values out of YAML nodes and notes down what is wrong with them.

use serde_yaml::{Mapping, Value};

use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;
use crate::place::{At, Place, SourceId};
use crate::spec::Mistake;
use crate::suggest;

/// The most entries that a mapping or a list may have. Nobody writes more; checks and printing stay quick.
const MOST_ENTRIES: usize = 500;

/// After so many mistakes in one spec, no more are noted down.
const ENOUGH: usize = 1000;

/// A YAML value and where it stands.
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
    mapping: &'a Mapping,
    place: Place,
}

impl<'a> Fields<'a> {
    /// Whether there is no field at all.
    pub(super) fn is_empty(&self) -> bool {
        self.mapping.is_empty()
    }

    /// The value of `key`; `None` where it is missing, or there without a value.
    pub(super) fn get(&self, key: &str) -> Option<Node<'a>> {
        let value = self.mapping.get(key).filter(|value| !value.is_null())?;
        Some(Node {
            value,
            place: self.place.key(key),
        })
    }
}

/// Collects what is wrong while reading.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Reader {
    /// Notes down a mistake; after enough of them, no more.
    pub(super) fn note(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < ENOUGH {
            self.diagnostics.push(diagnostic);
        }
    }

    /// The fields of a mapping that has no other keys than `keys`.
    pub(super) fn fields<'a>(
        &mut self,
        node: &Node<'a>,
        what: &str,
        keys: &[&str],
    ) -> Option<Fields<'a>> {
        let mapping = self.mapping(node, what)?;
        for key in mapping.keys() {
            let Some(key) = self.key(node, key) else {
                continue;
            };
            if !keys.contains(&key) {
                self.note(
                    Diagnostic::error(
                        code::UNKNOWN_KEY,
                        node.place.key(key).of_key(),
                        format!("{what} has no key `{key}`"),
                    )
                    .label("unknown key")
                    .help_if(suggest::did_you_mean(key, "the keys are", keys)),
                );
            }
        }
        Some(Fields {
            mapping,
            place: node.place.clone(),
        })
    }

    /// The entries of a mapping whose keys the author chooses.
    pub(super) fn entries<'a>(
        &mut self,
        node: &Node<'a>,
        what: &str,
    ) -> Vec<(At<&'a str>, Node<'a>)> {
        let Some(mapping) = self.mapping(node, what) else {
            return Vec::new();
        };
        let mut entries = Vec::new();
        for (key, value) in mapping {
            if let Some(key) = self.key(node, key) {
                let place = node.place.key(key);
                entries.push((At::new(key, place.of_key()), Node { value, place }));
            }
        }
        entries
    }

    /// The elements of a list, which may be a single text.
    pub(super) fn elements<'a>(&mut self, node: &Node<'a>, what: &str) -> Vec<Node<'a>> {
        let sequence = match node.value {
            Value::Sequence(sequence) => sequence,
            // One is a list too.
            Value::String(_) => return vec![node.clone()],
            _ => {
                self.wrong_type(node, what);
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

    /// A text, taken as it is.
    pub(super) fn text(&mut self, node: Option<Node>) -> Option<String> {
        self.word(node, |text| Ok(text.to_owned()))
            .map(|at| at.value)
    }

    /// A text, read by `parse`.
    pub(super) fn word<T>(
        &mut self,
        node: Option<Node>,
        parse: impl FnOnce(&str) -> Result<T, Mistake>,
    ) -> Option<At<T>> {
        let node = node?;
        if let Value::String(text) = node.value {
            return self.parsed(text, node.place, parse);
        }
        self.wrong_type(&node, "text");
        None
    }

    /// A number or a quantity with its unit, read by `parse` from its text.
    pub(super) fn quantity<T>(
        &mut self,
        node: Option<Node>,
        parse: impl FnOnce(&str) -> Result<T, Mistake>,
    ) -> Option<At<T>> {
        let node = node?;
        match node.value {
            Value::Number(number) => self.parsed(&number.to_string(), node.place, parse),
            Value::String(_) => self.word(Some(node), parse),
            _ => {
                self.wrong_type(&node, "a number, with its unit if it has one");
                None
            }
        }
    }

    /// A text that stands somewhere else than in a value, such as a key.
    pub(super) fn parsed<T>(
        &mut self,
        text: &str,
        place: Place,
        parse: impl FnOnce(&str) -> Result<T, Mistake>,
    ) -> Option<At<T>> {
        match parse(text) {
            Ok(value) => Some(At::new(value, place)),
            Err(mistake) => {
                self.note(mistake.at(&place));
                None
            }
        }
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        node: Option<Node>,
        what: &str,
        choices: &[(&str, T)],
    ) -> Option<At<T>> {
        let node = node?;
        if !node.value.is_string() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.wrong_type(&node, &suggest::list(&words));
            return None;
        }
        self.word(Some(node), |text| choose(text, what, choices))
    }

    /// Notes that a value is not of the expected type.
    pub(super) fn wrong_type(&mut self, node: &Node, expected: &str) {
        let found = describe(node.value);
        let message = format!("expected {expected}, found {found}");
        let is_scalar = matches!(node.value, Value::Bool(_) | Value::Number(_));
        let help = (is_scalar && expected == "text").then(|| "quote it".to_owned());
        self.note(
            Diagnostic::error(code::WRONG_TYPE, node.place.clone(), message)
                .label(format!("this is {found}"))
                .help_if(help),
        );
    }

    /// Notes that a key is missing.
    pub(super) fn missing(&mut self, node: &Node, key: &str, what: &str, help: &str) {
        self.note(
            Diagnostic::error(
                code::MISSING_KEY,
                node.place.of_key(),
                format!("{what} needs the key `{key}`"),
            )
            .label(format!("`{key}` is missing"))
            .help(help),
        );
    }

    fn mapping<'a>(&mut self, node: &Node<'a>, what: &str) -> Option<&'a Mapping> {
        let Value::Mapping(mapping) = node.value else {
            let expected = format!("a mapping of keys to values for {what}");
            self.wrong_type(node, &expected);
            return None;
        };
        (!self.has_too_many(node, mapping.len())).then_some(mapping)
    }

    fn has_too_many(&mut self, node: &Node, entries: usize) -> bool {
        let too_many = entries > MOST_ENTRIES;
        if too_many {
            let message = format!("{entries} entries in one place are too many");
            self.note(
                Diagnostic::error(code::TOO_MANY, node.place.of_key(), message)
                    .label(format!("{MOST_ENTRIES} at most"))
                    .help("split the spec: several specs make one router"),
            );
        }
        too_many
    }

    fn key<'a>(&mut self, node: &Node, key: &'a Value) -> Option<&'a str> {
        if key.as_str().is_none() {
            let message = format!("a key must be text, found {}", describe(key));
            self.note(
                Diagnostic::error(code::WRONG_TYPE, node.place.of_key(), message)
                    .label("has a key that is not text")
                    .help("quote the key"),
            );
        }
        key.as_str()
    }
}

/// One of a few words.
pub(super) fn choose<T: Copy>(text: &str, what: &str, choices: &[(&str, T)]) -> Result<T, Mistake> {
    let found = choices.iter().find(|(word, _)| *word == text);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        Mistake::new(
            code::UNKNOWN_WORD,
            format!("`{text}` is not {what}"),
            format!("expected {}", suggest::list(&words)),
        )
        .help_if(suggest::closest(text, words).map(|word| format!("did you mean `{word}`?")))
    })
}

fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Sequence(_) => "a list",
        Value::Mapping(_) => "a mapping",
        Value::Tagged(_) => "a value with a tag",
    }
}
