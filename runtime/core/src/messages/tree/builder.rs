//! How a tree is made.

use super::entry::{Children, Entry};
use crate::messages::fault::Fault;
use serde_core::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::{collections::HashSet, fmt, iter};

/// The most levels of arrays and objects inside each other.
const LEVELS: usize = 64;

/// Up to this many keys are compared with each other, which is faster than a set.
const FEW_KEYS: usize = 8;

/// What `serde_json` calls the only key of a number where another crate switches on its feature
/// `arbitrary_precision`.
const NUMBER: &str = "$serde_json::private::Number";

/// Text for errors that a fault replaces.
const FAULT: &str = "a fault was found";

/// What a number must be.
const FINITE: &str = "be a finite number";

pub(super) struct Builder<'a> {
    entries: Vec<Entry<'a>>,
    /// How many arrays and objects are open.
    level: usize,
    fault: Option<Fault>,
    /// The value of an object that stands for a number.
    number: Option<Entry<'a>>,
}

impl<'a> Builder<'a> {
    pub(super) fn new() -> Self {
        Self {
            // Enough for most messages.
            entries: Vec::with_capacity(16),
            level: 0,
            fault: None,
            number: None,
        }
    }

    /// Where and what is wrong, if that is known.
    pub(super) fn take_fault(&mut self) -> Option<Fault> {
        self.fault.take()
    }

    pub(super) fn into_entries(self) -> Vec<Entry<'a>> {
        self.entries
    }

    /// Begins an array or object, and returns where its entry is.
    fn open<E: Error>(&mut self) -> Result<usize, E> {
        if self.level == LEVELS {
            return Err(self.fail(Fault::here("be at most 64 levels deep")));
        }
        self.level += 1;
        self.entries.push(Entry::Null);
        Ok(self.entries.len())
    }

    fn close(&mut self, start: usize, entry: impl FnOnce(usize) -> Entry<'a>) {
        self.level -= 1;
        let span = self.entries.len().saturating_sub(start);
        if let Some(opened) = start.checked_sub(1).and_then(|at| self.entries.get_mut(at)) {
            *opened = entry(span);
        }
    }

    fn fail<E: Error>(&mut self, fault: Fault) -> E {
        self.fault = Some(fault);
        E::custom(FAULT)
    }

    /// Replaces an object that stands for a number, and begins at `start`, by the number.
    fn settle_number(&mut self, start: usize) {
        if let Some(number) = self.number.take()
            && let Some(opened) = start.checked_sub(1)
        {
            self.entries.truncate(opened);
            self.entries.push(number);
        }
    }

    /// Adds to the place of a fault that it is inside of something.
    fn inside(&mut self, segment: &str) {
        self.fault = self.fault.take().map(|fault| fault.inside(segment));
    }

    /// A key that occurs again in the object whose content begins at `start`.
    fn repeated_key(&self, start: usize, len: usize) -> Option<&str> {
        let mut members = Children::of(self.entries.get(start..)?);
        if len > FEW_KEYS {
            let mut seen = HashSet::with_capacity(len);
            return iter::from_fn(|| members.next_member())
                .map(|(key, _)| key)
                .find(|key| !seen.insert(*key));
        }
        while let Some((key, _)) = members.next_member() {
            let mut others = members.clone();
            if iter::from_fn(|| others.next_member()).any(|(other, _)| other == key) {
                return Some(key);
            }
        }
        None
    }

    /// Takes the text of a number, where `serde_json` keeps numbers as text. No text of a message
    /// gets here as a `String`.
    fn note_number<E: Error>(&mut self, text: &str) -> Result<(), E> {
        if self.entries.last().and_then(Entry::text) != Some(NUMBER) {
            return Ok(());
        }
        let unsigned = text.parse().map(Entry::Unsigned);
        let integer = unsigned.or_else(|_| text.parse().map(Entry::Signed));
        let number = integer.or_else(|_| text.parse().map(Entry::Float));
        self.number = number.ok().filter(Entry::is_finite);
        match self.number {
            Some(_) => Ok(()),
            None => Err(self.fail(Fault::here(FINITE))),
        }
    }
}

/// Adds one value to a tree.
pub(super) struct Seed<'b, 'a>(pub(super) &'b mut Builder<'a>);

impl<'a> Seed<'_, 'a> {
    fn push(self, entry: Entry<'a>) {
        self.0.entries.push(entry);
    }
}

impl<'a> DeserializeSeed<'a> for Seed<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Seed<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.push(Entry::Null);
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.push(Entry::Null);
        Ok(())
    }

    fn visit_some<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.push(Entry::Bool(value));
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.push(Entry::Unsigned(value));
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.push(u64::try_from(value).map_or(Entry::Signed(value), Entry::Unsigned));
        Ok(())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        if value.is_finite() {
            self.push(Entry::Float(value));
            Ok(())
        } else {
            Err(self.0.fail(Fault::here(FINITE)))
        }
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.push(Entry::Owned(value.into()));
        Ok(())
    }

    fn visit_borrowed_str<E>(self, value: &'a str) -> Result<(), E> {
        self.push(Entry::Borrowed(value));
        Ok(())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<(), E> {
        self.0.note_number(&value)?;
        self.push(Entry::Owned(value.into()));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut array: A) -> Result<(), A::Error> {
        let start = self.0.open()?;
        let mut len = 0;
        loop {
            match array.next_element_seed(Seed(self.0)) {
                Ok(Some(())) => len += 1,
                Ok(None) => break,
                Err(error) => {
                    self.0.inside(&len.to_string());
                    return Err(error);
                }
            }
        }
        self.0.close(start, |span| Entry::Array { len, span });
        Ok(())
    }

    fn visit_map<A: MapAccess<'a>>(self, mut object: A) -> Result<(), A::Error> {
        let start = self.0.open()?;
        let mut len = 0;
        let mut key_at = start;
        while let Some(()) = object.next_key_seed(Seed(self.0))? {
            if let Err(error) = object.next_value_seed(Seed(self.0)) {
                if let Some(key) = self.0.entries.get(key_at).and_then(Entry::text) {
                    let key = key.to_owned();
                    self.0.inside(&key);
                }
                return Err(error);
            }
            len += 1;
            key_at = self.0.entries.len();
        }
        if let Some(key) = self.0.repeated_key(start, len) {
            let fault = Fault::here("not be repeated").inside(key);
            return Err(self.0.fail(fault));
        }
        self.0.close(start, |span| Entry::Object { len, span });
        self.0.settle_number(start);
        Ok(())
    }
}
