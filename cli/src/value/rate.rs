//! How many messages a client may send.

use super::{
    Count, Described, Form, Mistake, Notation, Scalar, Setting,
    quantity::{begins_with_number, number_label},
};
use crate::diagnostic::code;

/// A number of messages in a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub messages: u32,
    /// In which time.
    pub per: RateUnit,
}

/// The time of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateUnit {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
}

impl RateUnit {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "s" => Some(Self::Second),
            "min" => Some(Self::Minute),
            "h" => Some(Self::Hour),
            _ => None,
        }
    }

    const fn written(self) -> &'static str {
        match self {
            Self::Second => "s",
            Self::Minute => "min",
            Self::Hour => "h",
        }
    }
}

impl Described for Rate {
    const FORM: Form = Form::Notation(&Notation {
        name: "rate",
        doc: "A number of messages and a time: `/s`, `/min` or `/h`. From 1 to 1000000.",
        pattern: Some("^[1-9][0-9]*/(s|min|h)$"),
        numbers: &[],
        examples: &["20/s", "100/min", "1000/h"],
    });
}

impl Scalar for Rate {
    const MAY_BE_NUMBER: bool = true;

    fn parse(text: &str) -> Result<Self, Mistake> {
        const HELP: &str = "write a number and a time: `20/s`, `100/min`, `1000/h`";
        let mistake = |label| {
            let message = format!("`{text}` is not a rate");
            Mistake::new(code::BAD_RATE, message, label).help(HELP)
        };
        if !begins_with_number(text) {
            return Err(mistake(number_label(text, "needs a number and a time")));
        }
        let (messages, per) = text
            .split_once('/')
            .and_then(|(messages, per)| Some((messages, RateUnit::parse(per)?)))
            .ok_or_else(|| mistake("needs a number and a time"))?;
        let Count(messages) = Count::parse(messages)
            .map_err(|_| mistake("expected a whole number of messages, from 1 to 1000000"))?;
        Ok(Self { messages, per })
    }
}

impl Setting for Rate {
    type Resolved = Self;

    fn resolved(&self) -> Self {
        *self
    }

    fn written(&self) -> String {
        format!("{}/{}", self.messages, self.per.written())
    }
}
