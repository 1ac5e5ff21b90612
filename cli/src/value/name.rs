//! Names that become identifiers.

use super::{Described, Form, Mistake, Notation, Scalar};
use crate::diagnostic::code;
use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

/// The longest name taken, in bytes: what is made of it must fit into a line of code.
const LONGEST: usize = 40;

/// A name that is a Rust identifier in snake case: of an endpoint, a channel or an extracted value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Described for Name {
    const FORM: Form = Form::Notation(&Notation {
        name: "name",
        doc: "Lower-case letters, digits and single underscores, beginning with a letter; at most 40 characters. An endpoint and an extracted value are not called by a keyword of Rust.",
        pattern: Some("^[a-z][a-z0-9_]{0,39}$"),
        numbers: &[],
        examples: &["lobby", "news_feed"],
    });
}

impl Scalar for Name {
    fn parse(text: &str) -> Result<Self, Mistake> {
        let snake = text.to_snake_case();
        identifier(text).map_err(|mistake| match identifier(&snake) {
            Ok(()) => mistake.help(format!("write `{snake}`")),
            Err(_) => mistake,
        })?;
        if snake.chars().any(|c| c.is_ascii_lowercase()) && snake == text {
            return Ok(Self(snake));
        }
        let mistake = Mistake::new(
            code::BAD_NAME,
            format!("`{text}` is not in snake case"),
            "names become Rust functions and modules",
        );
        Err(match identifier(&snake) {
            Ok(()) if snake != text => mistake.help(format!("write `{snake}`")),
            _ => mistake.help("begin with a lower-case letter, followed by lower-case letters, digits and single underscores"),
        })
    }
}

impl Name {
    /// The name itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as that of a type.
    #[must_use]
    pub fn camel(&self) -> String {
        self.0.to_upper_camel_case()
    }

    /// The name as that of a constant.
    #[must_use]
    pub fn shouty(&self) -> String {
        self.0.to_shouty_snake_case()
    }
}

/// A name that clients write, in a path or a query string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireName {
    /// What the client writes.
    pub wire: String,
}

impl Described for WireName {
    const FORM: Form = Form::Notation(&Notation {
        name: "wire name",
        doc: "Letters, digits and underscores, not beginning with a digit; at most 40 characters.",
        pattern: Some("^[A-Za-z_][A-Za-z0-9_]{0,39}$"),
        numbers: &[],
        examples: &["id", "ticketId"],
    });
}

impl Scalar for WireName {
    fn parse(text: &str) -> Result<Self, Mistake> {
        identifier(text)?;
        // What becomes of it begins with a letter, too.
        identifier(&text.to_snake_case())?;
        Ok(Self {
            wire: text.to_owned(),
        })
    }
}

fn identifier(text: &str) -> Result<(), Mistake> {
    let mistake = |message: String, label: &str| Err(Mistake::new(code::BAD_NAME, message, label));
    let mut chars = text.chars();
    let starts = chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if !starts
        || !chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
        || text.chars().all(|c| c == '_')
    {
        return mistake(
            format!("{text:?} is not a Rust identifier"),
            "only ASCII letters, digits and `_`, not beginning with a digit",
        );
    }
    if text.len() > LONGEST {
        return mistake(
            format!("a name of {} characters is too long", text.len()),
            &format!("at most {LONGEST}"),
        );
    }
    Ok(())
}
