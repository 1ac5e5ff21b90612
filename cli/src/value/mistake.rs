//! What is wrong with a single value, wherever it is.

use crate::{
    diagnostic::{Diagnostic, code::Code},
    place::{Part, Place},
};
use std::ops::Range;

/// What is wrong with a single value.
#[derive(Clone, Debug)]
pub struct Mistake {
    code: Code,
    message: String,
    label: String,
    help: Option<String>,
    within: Option<Range<usize>>,
}

impl Mistake {
    /// A mistake, with its headline and its label.
    pub fn new(code: Code, message: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            label: label.into(),
            help: None,
            within: None,
        }
    }

    /// Its headline.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// With this advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With this advice, where there is none yet.
    #[must_use]
    pub fn help_unless_there(mut self, help: impl Into<String>) -> Self {
        self.help.get_or_insert_with(|| help.into());
        self
    }

    /// With this advice, if there is any.
    #[must_use]
    pub fn help_if(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// Only these bytes of the value are wrong.
    #[must_use]
    pub fn within(mut self, range: Range<usize>) -> Self {
        self.within = Some(range);
        self
    }

    /// The mistake, made at `place`.
    #[must_use]
    pub fn at(self, place: &Place) -> Diagnostic {
        let place = match self.within {
            Some(range) if *place.meant() == Part::Value => place.within(range),
            _ => place.clone(),
        };
        Diagnostic::error(self.code, place, self.message)
            .label(self.label)
            .help_if(self.help)
    }
}
