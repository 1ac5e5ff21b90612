//! Names of types and of what is in them.

use super::{Described, Form, Mistake, Name, Notation, Scalar, WireName};
use crate::diagnostic::code;
use heck::{ToSnakeCase, ToUpperCamelCase};
use std::fmt;

/// The name of a type, or of a variant, in upper camel case, as all languages have it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeName(String);

/// The longest one that a spec may have, in bytes.
const LONGEST: usize = 60;

impl Described for TypeName {
    const FORM: Form = Form::Notation(&Notation {
        name: "upper name",
        doc: "Letters and digits, beginning with a capital letter; at most 60 characters.",
        pattern: Some("^[A-Z][A-Za-z0-9]{0,59}$"),
        numbers: &[],
        examples: &["User", "OrderLine"],
    });
}

impl Scalar for TypeName {
    fn parse(text: &str) -> Result<Self, Mistake> {
        let starts = text.starts_with(|c: char| c.is_ascii_uppercase());
        if starts && text.chars().all(|c| c.is_ascii_alphanumeric()) && text.len() <= LONGEST {
            return Ok(Self(text.to_owned()));
        }
        let message = format!("{text:?} is not the name of a type");
        let label = "expected letters and digits, beginning with a capital letter";
        let mistake = Mistake::new(code::BAD_NAME, message, label);
        Err(match Self::made_of(text) {
            Some(name) => mistake.help(format!("write `{name}`")),
            None => mistake.help(format!("a name has at most {LONGEST} characters")),
        })
    }
}

impl TypeName {
    /// What a type or a variant is called that a spec calls `text`: `over-size` becomes `OverSize`; `None` where no name can be
    /// made of it.
    #[must_use]
    pub fn made_of(text: &str) -> Option<Self> {
        // Letters of other alphabets would be left out.
        let name = text.is_ascii().then(|| text.to_upper_camel_case())?;
        Self::parse_made(name)
    }

    /// The name of something that belongs to this type and is called `name` in it.
    #[must_use]
    pub fn of_part(&self, name: &Name) -> Self {
        Self(format!("{}{}", self.0, name.camel()))
    }

    fn parse_made(name: String) -> Option<Self> {
        let starts = name.starts_with(|c: char| c.is_ascii_uppercase());
        (starts && name.len() <= LONGEST).then_some(Self(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as that of a value.
    #[must_use]
    pub fn snake(&self) -> String {
        self.0.to_snake_case()
    }
}

impl fmt::Display for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The key of a field: its name on the wire, and a `?` where it may be absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldKey {
    /// What it is called on the wire.
    pub wire: WireName,
    /// Whether it may be absent.
    pub is_optional: bool,
}

impl Described for FieldKey {
    const FORM: Form = Form::Notation(&Notation {
        name: "field name",
        doc: "What travels: any text of at most 100 bytes that does not begin with `$`, without control characters. A `?` behind it says that the field may be absent. In code, `page-size` is called `page_size`; where no name can be made of it, the field needs a `name`.",
        pattern: Some(r"^[^$\u0000-\u001f?][^\u0000-\u001f]{0,100}$"),
        numbers: &[],
        examples: &["text", "reply_to?", "page-size"],
    });
}

impl Scalar for FieldKey {
    fn parse(text: &str) -> Result<Self, Mistake> {
        let (wire, is_optional) = match text.strip_suffix('?') {
            Some(wire) => (wire, true),
            None => (text, false),
        };
        Ok(Self {
            wire: WireName::parse(wire)?,
            is_optional,
        })
    }
}

/// What a message is called in a spec, which is also what it has on the wire, in its tag.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind(String);

/// The word that stands for binary frames wherever a kind may stand.
pub const BINARY: &str = "binary";

/// The word that stands for everything.
pub const RAW: &str = "raw";

impl Described for Kind {
    const FORM: Form = Form::Notation(&Notation {
        name: "kind",
        doc: "The value of the tag on the wire: any text of at most 100 bytes that does not begin with `$`, and is neither `binary` nor `raw`.",
        pattern: Some(r"^[^$\s\u0000-\u001f][^\u0000-\u001f]{0,99}$"),
        numbers: &[],
        examples: &["say", "cell.changed"],
    });
}

impl Scalar for Kind {
    fn parse(text: &str) -> Result<Self, Mistake> {
        let mistake = |label: &str| {
            Mistake::new(
                code::BAD_KIND,
                format!("a message cannot be called `{text}`"),
                label,
            )
        };
        if text.starts_with('$') {
            return Err(
                mistake("kinds that begin with `$` belong to the format").help("leave the `$` out")
            );
        }
        if text == BINARY || text == RAW {
            let help = format!("choose another name, such as `{text}_data`");
            return Err(mistake("the format uses this word where a kind may stand").help(help));
        }
        let WireName { .. } = WireName::parse(text)?;
        Ok(Self(text.to_owned()))
    }
}

impl Kind {
    /// The kind as it travels.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
