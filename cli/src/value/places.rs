//! How many connections a user, an address or the like may have.

use super::{Described, FieldPath, Form, Mistake, Notation, Over, Scalar};
use crate::{diagnostic::code, place::At};

/// How many connections may have the same value.
#[derive(Clone, Debug)]
pub struct Places {
    /// Which value.
    pub of: At<PlacesOf>,
    /// How many.
    pub most: u32,
    /// What happens to one more.
    pub over: Over,
}

/// A value that connections are counted by.
#[derive(Clone, Debug)]
pub enum PlacesOf {
    /// The client's address.
    Peer,
    /// An extracted value, or a public field of one, and how the spec writes it.
    Extracted(FieldPath, String),
}

impl Described for PlacesOf {
    const FORM: Form = Form::Notation(&Notation {
        name: "counted value",
        doc: "`peer`, the client's address (IPv6 by /64), or an extracted value or a public field of one. It is never a path \
              param or a query field: clients choose those.",
        pattern: Some(r"^[a-z][a-z0-9_]*(\.[A-Za-z0-9_]+)*$"),
        numbers: &[],
        examples: &["peer", "user.id"],
    });
}

impl Scalar for PlacesOf {
    fn parse(text: &str) -> Result<Self, Mistake> {
        if text == "peer" {
            return Ok(Self::Peer);
        }
        let path = FieldPath::parse(text).ok_or_else(|| {
            Mistake::new(
                code::NOT_EXTRACTED,
                format!("`{text}` is not a value"),
                "expected `peer`, or an extracted value such as `user.id`",
            )
        })?;
        Ok(Self::Extracted(path, text.to_owned()))
    }
}
