//! What may be written as the value of a key: what the JSON Schema, the reference page and suggestions are made of.

use std::ops::RangeInclusive;

/// The most entries that a mapping or a list may have. Nobody writes more, and it keeps checks and printing quick.
pub const MOST_ENTRIES: usize = 500;

/// The most extractors of an endpoint. axum takes 16 parameters and tuples of 16 extractors; the generated code needs some.
pub const MOST_EXTRACTORS: usize = 12;

/// What may be written as a value.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// Nothing: the key alone.
    Nothing,
    /// Anything.
    Any,
    /// Any text.
    Text,
    /// `true` or `false`.
    Bool,
    /// Any number.
    Number,
    /// One of a few words.
    Choices(&'static [Choice]),
    /// A text or a number that follows a notation.
    Notation(&'static Notation),
    /// One of several forms.
    Either(&'static [Form]),
    /// A list.
    List {
        /// What its elements are.
        element: &'static Form,
        /// Whether no two may be the same.
        distinct: bool,
        /// How many there must be.
        least: usize,
        /// How many there may be.
        most: usize,
    },
    /// A mapping whose keys the author chooses.
    Map {
        /// What the keys are.
        keys: &'static Form,
        /// What the values are.
        values: &'static Form,
        /// How many there may be.
        most: usize,
    },
    /// A mapping whose keys are those of a section.
    Section(&'static Section),
    /// A form that has a name, because it may contain itself.
    Shared(&'static SharedForm),
}

/// A form with a name.
#[derive(Debug)]
pub struct SharedForm {
    /// What it is called: "type".
    pub name: &'static str,
    /// What it is for.
    pub doc: &'static str,
    /// What may be written.
    pub form: fn() -> Form,
    /// Examples, as they are written in YAML.
    pub examples: &'static [&'static str],
}

/// A word of the format and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// The word.
    pub text: &'static str,
    /// What it means, line by line.
    pub doc: &'static [&'static str],
}

/// How values of one kind are written.
#[derive(Debug)]
pub struct Notation {
    /// What the kind is called: "duration".
    pub name: &'static str,
    /// How it is written.
    pub doc: &'static str,
    /// A pattern (ECMA 262) that every valid text matches; reading may refuse more. `None` where it is never a text.
    pub pattern: Option<&'static str>,
    /// The numbers that need no quotes.
    pub numbers: &'static [RangeInclusive<u32>],
    /// Examples, as they are written in YAML.
    pub examples: &'static [&'static str],
}

/// A mapping whose keys are the format's own.
#[derive(Debug)]
pub struct Section {
    /// A name of its own among the sections.
    pub name: &'static str,
    /// What it is called in messages: "an endpoint".
    pub what: &'static str,
    /// What it is for, line by line.
    pub doc: &'static [&'static str],
    /// The keys that only this section has.
    pub own: &'static [Key],
    /// A section whose keys it has, too.
    pub shared: Option<&'static Section>,
    /// What its other keys are, if it may have any: then those of the format begin with `$`.
    pub others: Option<Others>,
}

/// Keys of a section that its author chooses.
#[derive(Debug)]
pub struct Others {
    /// What they are for, line by line.
    pub doc: &'static [&'static str],
    /// A [`Form::Map`] of them.
    pub form: Form,
}

/// A key of the format.
#[derive(Debug)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// What it is for, line by line.
    pub doc: &'static [&'static str],
    /// What may be written as its value.
    pub form: Form,
    /// The value that holds without it, as an author would write it.
    pub default: Option<fn() -> String>,
    /// What to write where the key is required and missing. `{}` is replaced by the name of what needs it.
    pub required: Option<&'static str>,
}

impl Form {
    /// Whether a number needs no quotes.
    #[must_use]
    pub fn may_be_number(&self) -> bool {
        matches!(self, Self::Notation(notation) if !notation.numbers.is_empty())
    }
}

impl Section {
    /// All keys, in the order of the table.
    pub fn keys(&self) -> impl Iterator<Item = &'static Key> {
        let shared = self.shared.map_or(&[][..], |shared| shared.own);
        self.own.iter().chain(shared)
    }
}

impl Key {
    /// Whether the key may be without a value, as a mapping is whose entries are all commented out.
    #[must_use]
    pub fn may_be_empty(&self) -> bool {
        self.required.is_none() && matches!(self.form, Form::Map { .. } | Form::Section(_))
    }

    /// What the key is for, as one text.
    #[must_use]
    pub fn doc(&self) -> String {
        text(self.doc)
    }
}

impl Section {
    /// What the section is for, as one text.
    #[must_use]
    pub fn doc(&self) -> String {
        text(self.doc)
    }
}

impl Others {
    /// What the keys are for, as one text.
    #[must_use]
    pub fn doc(&self) -> String {
        text(self.doc)
    }
}

impl Choice {
    /// What the word means, as one text.
    #[must_use]
    pub fn doc(&self) -> String {
        text(self.doc)
    }
}

/// The lines of a doc comment as one text.
fn text(lines: &[&str]) -> String {
    let lines: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
    lines.join(" ")
}
