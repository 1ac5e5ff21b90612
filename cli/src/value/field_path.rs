//! Extracted values, and fields of them.

use super::{Name, Scalar};
use syn::{Member, parse_str};

/// An extracted value, or a public field of it: `user`, `user.id`, `user.account.0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath {
    value: Name,
    fields: Vec<String>,
}

impl FieldPath {
    /// Reads it; `None` where the names are not those of a value and its fields.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let value = Name::parse(parts.next()?).ok()?;
        let fields = parts.map(field).collect::<Option<_>>()?;
        Some(Self { value, fields })
    }

    /// The name of the value.
    #[must_use]
    pub fn value(&self) -> &Name {
        &self.value
    }

    /// What Rust calls it.
    #[must_use]
    pub fn code(&self) -> String {
        let fields = self.fields.iter().map(|field| format!(".{field}"));
        fields.fold(self.value.as_str().to_owned(), |code, field| code + &field)
    }
}

/// What Rust calls a field: `type` is `r#type`.
fn field(name: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let names = [name.to_owned(), format!("r#{name}")];
    let mut names = names.into_iter().filter(|_| name.chars().all(is_plain));
    names.find(|name| parse_str::<Member>(name).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<String> {
        FieldPath::parse(text).map(|path| path.code())
    }

    #[test]
    fn fields_are_written_as_in_rust() {
        assert_eq!(code("user").as_deref(), Some("user"));
        assert_eq!(code("user.id").as_deref(), Some("user.id"));
        assert_eq!(code("user.account.0").as_deref(), Some("user.account.0"));
        assert_eq!(code("user.type").as_deref(), Some("user.r#type"));
        assert_eq!(code("user.isAdmin").as_deref(), Some("user.isAdmin"));
    }

    #[test]
    fn nothing_but_names_is_a_field() {
        for text in [
            "",
            ".id",
            "user.",
            "user..id",
            "user.id()",
            "user.id)",
            "user.a b",
            "user.r#type",
            "user.self",
            "user.-1",
            "user.1u8",
            "user._",
            "User.id",
            "user.é",
        ] {
            assert_eq!(code(text), None, "{text}");
        }
    }
}
