//! Names that become identifiers.

use super::{Described, Form, Mistake, Notation, Scalar, Setting};
use crate::{characters::is_hidden, diagnostic::code, paths::is_device};
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
    /// The name of what has none: an element of a list.
    #[must_use]
    pub fn item() -> Self {
        Self("item".to_owned())
    }

    /// The name itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether Windows takes no file of this name, because a device has it.
    #[must_use]
    pub fn is_device(&self) -> bool {
        is_device(&self.0)
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

/// A name that clients write, in a path or a query string: it is theirs to choose, and need not be an identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireName(String);

impl WireName {
    /// The longest one taken, in bytes.
    const LONGEST: usize = 100;
}

impl Described for WireName {
    const FORM: Form = Form::Notation(&Notation {
        name: "wire name",
        doc: "What clients write: any text of at most 100 bytes that does not end in `?`, without characters that nobody sees. In code, `page-size` and `filter[name]` are called `page_size` and `filter_name`; where no name can be made of it, as of `2fa`, it needs a `name`.",
        pattern: Some(r"^[^\u0000-\u001f]{0,99}[^\u0000-\u001f?]$"),
        numbers: &[],
        examples: &["id", "ticketId", "page-size", "\"$top\""],
    });
}

impl Scalar for WireName {
    fn parse(text: &str) -> Result<Self, Mistake> {
        let mistake = |label: String| {
            Mistake::new(
                code::BAD_NAME,
                format!("{text:?} is not a name that clients can write"),
                label,
            )
        };
        if text.is_empty() || text.len() > Self::LONGEST {
            return Err(mistake(format!("expected 1 to {} bytes", Self::LONGEST)));
        }
        if let Some((at, c)) = text.char_indices().find(|(_, c)| is_hidden(*c)) {
            let label = "characters that nobody sees are not allowed".to_owned();
            return Err(mistake(label).within(at..at + c.len_utf8()));
        }
        if text.ends_with('?') {
            let help = "a value that may be absent is an `Option`, as in `nick: Option<String>`";
            return Err(mistake("must not end in `?`".to_owned()).help(help));
        }
        Ok(Self(text.to_owned()))
    }
}

impl WireName {
    /// A name of the format's own.
    pub(crate) fn known(name: &'static str) -> Self {
        Self(name.to_owned())
    }

    /// What clients write.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it is called in code: `page-size` becomes `page_size`, and `_` is spelled out; `None` where no name can be made of
    /// it.
    #[must_use]
    pub fn name(&self) -> Option<Name> {
        if self.0 == "_" {
            return Some(Name("underscore".to_owned()));
        }
        // Letters of other alphabets would be left out.
        let name = self.0.is_ascii().then(|| self.0.to_snake_case())?;
        Name::parse(&name).ok()
    }
}

impl Setting for WireName {
    type Resolved = Self;

    fn resolved(&self) -> Self {
        self.clone()
    }

    fn written(&self) -> String {
        self.0.clone()
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
