//! Ranges: of numbers, and of lengths.

use super::{Described, Form, Mistake, Notation, Scalar};
use crate::diagnostic::code;
use std::fmt::Display;

/// A range whose ends belong to it; one without an end goes as far as the type does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds<T> {
    /// The least that is allowed.
    pub least: Option<T>,
    /// The most that is allowed.
    pub most: Option<T>,
}

/// How many elements a list or a map may have.
pub type Lengths = Bounds<u32>;

impl<T> Bounds<T> {
    /// Everything.
    pub const ALL: Self = Self {
        least: None,
        most: None,
    };
}

impl<T: PartialOrd> Bounds<T> {
    /// Whether everything is allowed.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.least.is_none() && self.most.is_none()
    }

    /// Whether a value is allowed.
    #[must_use]
    pub fn contains(&self, value: &T) -> bool {
        self.least.as_ref().is_none_or(|least| least <= value)
            && self.most.as_ref().is_none_or(|most| value <= most)
    }

    /// Reads `1..500`, `1..` or `..500`, whose ends `number` reads, from `lowest` to `highest`.
    pub(super) fn parse_with(
        text: &str,
        example: &str,
        (lowest, highest): (T, T),
        number: impl Fn(&str) -> Option<T>,
    ) -> Result<Self, Mistake>
    where
        T: Display,
    {
        let mistake = |label: String| {
            let message = format!("`{text}` is not a range");
            Mistake::new(code::BAD_RANGE, message, label).help(format!(
                "write the least and the most, as in `{example}`; one of them may be left out"
            ))
        };
        let Some((least, most)) = text.split_once("..") else {
            return Err(mistake("needs `..` between two numbers".to_owned()));
        };
        let end = |text: &str| {
            let text = text.trim();
            if text.is_empty() {
                return Ok(None);
            }
            let Some(value) = number(text) else {
                return Err(mistake(format!("`{text}` is not such a number")));
            };
            if value < lowest || highest < value {
                return Err(mistake(format!(
                    "`{text}` is not within {lowest} and {highest}"
                )));
            }
            Ok(Some(value))
        };
        let bounds = Self {
            least: end(least)?,
            most: end(most)?,
        };
        if let (Some(least), Some(most)) = (&bounds.least, &bounds.most)
            && least > most
        {
            return Err(mistake("the first number is the larger one".to_owned()));
        }
        if bounds.is_all() {
            return Err(mistake("has no numbers".to_owned()));
        }
        Ok(bounds)
    }
}

impl Described for Lengths {
    const FORM: Form = Form::Notation(&Notation {
        name: "range",
        doc: "The least and the most, both of which are allowed; one of them may be left out.",
        pattern: Some(r"^\s*[0-9]*\s*\.\.\s*[0-9]*\s*$"),
        numbers: &[],
        examples: &["1..500", "1..", "..500"],
    });
}

impl Scalar for Lengths {
    fn parse(text: &str) -> Result<Self, Mistake> {
        Self::parse_with(text, "1..500", (0, u32::MAX), |text| text.parse().ok())
    }
}
