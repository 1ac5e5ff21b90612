//! What is wrong with a message, and where.

use serde_core::{
    de,
    ser::{Serialize, SerializeStruct, Serializer},
};
use std::{borrow::Cow, error::Error, fmt};

/// The most bytes of a place that are reported. What is deeper counts as a fault of what contains it.
const LONGEST_PLACE: usize = 1024;

/// One thing that is wrong with a message: where, and what must be the case there.
///
/// It never contains the offending value. As text it reads `at /text: must have at most 500 characters`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    at: String,
    must: Cow<'static, str>,
}

impl Fault {
    /// A fault of what a JSON pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)) leads to:
    /// `""` is the whole message. `must` says what must be the case, as in "be a string".
    pub fn new(at: impl Into<String>, must: impl Into<Cow<'static, str>>) -> Self {
        Self {
            at: at.into(),
            must: must.into(),
        }
    }

    /// A fault of the value at hand, whose place its containers add.
    pub(super) fn here(must: impl Into<Cow<'static, str>>) -> Self {
        Self::new(String::new(), must)
    }

    /// A JSON pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)) from the top of the
    /// message. A missing field's place is that of the field; where it would be longer than 1 KiB, it
    /// is that of something around it.
    #[must_use]
    pub fn at(&self) -> &str {
        &self.at
    }

    /// What must be the case there: the end of a sentence that begins with "it must".
    #[must_use]
    pub fn must(&self) -> &str {
        &self.must
    }

    /// The same, seen from the object or array that has it at `segment`.
    pub(super) fn inside(mut self, segment: &str) -> Self {
        prepend(&mut self.at, segment);
        self
    }

    /// Reads what its `Display` writes. `None` if the text is something else.
    fn parse(text: &str) -> Option<Self> {
        if let Some(must) = text.strip_prefix("must ") {
            return Some(Self::here(must.to_owned()));
        }
        let (at, must) = text.strip_prefix("at ")?.rsplit_once(": must ")?;
        at.starts_with('/').then(|| Self::new(at, must.to_owned()))
    }
}

/// Puts a segment in front of a JSON pointer.
pub(super) fn prepend(pointer: &mut String, segment: &str) {
    let mut longer = String::with_capacity(1 + segment.len() + pointer.len());
    longer.push('/');
    for character in segment.chars() {
        match character {
            '~' => longer.push_str("~0"),
            '/' => longer.push_str("~1"),
            character => longer.push(character),
        }
    }
    if longer.len() > LONGEST_PLACE {
        longer.clear();
    } else if longer.len() + pointer.len() <= LONGEST_PLACE {
        longer.push_str(pointer);
    }
    *pointer = longer;
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.at.is_empty() {
            write!(f, "at {}: ", self.at)?;
        }
        write!(f, "must {}", self.must)
    }
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fault = serializer.serialize_struct("Fault", 2)?;
        fault.serialize_field("at", &self.at)?;
        fault.serialize_field("must", &self.must)?;
        fault.end()
    }
}

/// A fault as an error of serde: small, because every value that is read returns one or not.
#[derive(Debug)]
pub(super) struct Refusal(Box<Fault>);

impl Refusal {
    pub(super) fn new(must: impl Into<Cow<'static, str>>) -> Self {
        Self::from(Fault::here(must))
    }

    /// A refusal by a type that says what it expects, unless that is a name of Rust.
    fn expecting(expected: &dyn de::Expected) -> Self {
        let expected = expected.to_string();
        let is_phrase = expected.starts_with("a ") || expected.starts_with("an ");
        Self::new(format!(
            "be {}",
            if is_phrase { &expected } else { "valid" }
        ))
    }

    pub(super) fn inside(mut self, segment: &str) -> Self {
        prepend(&mut self.0.at, segment);
        self
    }

    pub(super) fn into_fault(self) -> Fault {
        *self.0
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self(Box::new(fault))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Refusal {}

/// Texts of serde name the offending value, so none of them is kept. A type of the application says
/// what it needs with a text that begins with "must".
impl de::Error for Refusal {
    fn custom<T: fmt::Display>(text: T) -> Self {
        let fault = Fault::parse(&text.to_string());
        Self::from(fault.unwrap_or_else(|| Fault::here("be valid")))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new("be present").inside(field)
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::new(one_of(expected))
    }

    fn invalid_type(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::expecting(expected)
    }

    fn invalid_value(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::expecting(expected)
    }

    fn invalid_length(_: usize, expected: &dyn de::Expected) -> Self {
        Self::expecting(expected)
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self::new("not be present").inside(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new("not be repeated").inside(field)
    }
}

/// "be one of `admin`, `member`".
pub(super) fn one_of(values: &[&str]) -> String {
    let quoted: Vec<_> = values.iter().map(|value| format!("`{value}`")).collect();
    match &*quoted {
        [only] => format!("be {only}"),
        _ => format!("be one of {}", quoted.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, LONGEST_PLACE, Refusal};
    use serde_core::de::Error;

    #[test]
    fn a_place_is_a_json_pointer() {
        let fault = Fault::here("be a string").inside("a/b~c").inside("0");
        assert_eq!(fault.at(), "/0/a~1b~0c");
    }

    #[test]
    fn a_place_that_is_too_long_becomes_that_of_something_around_it() {
        let long = "x".repeat(LONGEST_PLACE);
        let fault = Fault::here("be a string").inside("deep").inside(&long);
        assert_eq!(fault.at(), "");
        assert_eq!(fault.inside("list").at(), "/list");
        let half = "x".repeat(LONGEST_PLACE / 2);
        let fault = Fault::here("be a string").inside(&half).inside(&half);
        assert_eq!(fault.at().len(), 1 + LONGEST_PLACE / 2);
    }

    #[test]
    fn a_fault_passes_through_any_error_as_text() {
        for (at, must) in [("", "be a string"), ("/a: must /0", "be one of `a`, `b`")] {
            let fault = Fault::new(at, must);
            let passed = Refusal::custom(&fault).into_fault();
            assert_eq!(passed, fault);
        }
    }

    #[test]
    fn other_errors_say_nothing() {
        for text in [
            "invalid digit in `secret`",
            "at noon: must sleep",
            "mustard",
        ] {
            assert_eq!(
                Refusal::custom(text).into_fault(),
                Fault::new("", "be valid")
            );
        }
    }
}
