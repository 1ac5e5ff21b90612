//! Names of subprotocols.

use super::{Described, Form, Mistake, Notation, Scalar};
use crate::diagnostic::code;

/// The name of a subprotocol: a token of HTTP (RFC 6455, section 4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subprotocol(pub String);

impl Described for Subprotocol {
    const FORM: Form = Form::Notation(&Notation {
        name: "subprotocol",
        doc: "Letters, digits and any of ``!#$%&'*+-.^_`|~``.",
        pattern: Some(r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"),
        numbers: &[],
        examples: &["chat.v2"],
    });
}

impl Scalar for Subprotocol {
    fn parse(text: &str) -> Result<Self, Mistake> {
        let is_token =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if !text.is_empty() && text.bytes().all(is_token) {
            return Ok(Self(text.to_owned()));
        }
        Err(Mistake::new(
            code::BAD_SUBPROTOCOL,
            format!("{text:?} is not the name of a subprotocol"),
            "only letters, digits and any of !#$%&'*+-.^_`|~",
        ))
    }
}
