//! The version of the format.

use super::{Described, Form, Notation};

/// The version of the format: there is one.
#[derive(Clone, Copy, Debug)]
pub struct Version;

impl Version {
    /// Its number.
    pub const NUMBER: u64 = 1;
}

impl Described for Version {
    const FORM: Form = Form::Notation(&Notation {
        name: "version",
        doc: "The number 1.",
        pattern: None,
        numbers: &[1..=1],
        examples: &["1"],
    });
}
