//! Paths of specs, as other specs name them.

use super::{Described, Form, Mistake, Notation, Scalar};
use crate::diagnostic::code;

/// The path of a spec below the folder of specs, without its ending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecPath {
    text: String,
    module: Vec<String>,
}

impl Described for SpecPath {
    const FORM: Form = Form::Notation(&Notation {
        name: "spec path",
        doc: "The path of a spec below the folder of specs, without `.yaml`.",
        pattern: Some(r"^[A-Za-z_][A-Za-z0-9_/-]*$"),
        numbers: &[],
        examples: &["common", "billing/common"],
    });
}

impl Scalar for SpecPath {
    fn parse(text: &str) -> Result<Self, Mistake> {
        let mistake = |label: &str| {
            let message = format!("`{text}` is not the path of a spec");
            Mistake::new(code::BAD_USE, message, label)
        };
        let stem = text
            .strip_suffix(".yaml")
            .or_else(|| text.strip_suffix(".yml"));
        if let Some(stem) = stem {
            return Err(mistake("without its ending").help(format!("write `{stem}`")));
        }
        let is_part = |part: &str| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        };
        if !text.split('/').all(is_part) {
            let help =
                "the path begins below the folder of specs, as in `common` or `billing/common`";
            return Err(mistake("expected names with `/` between them").help(help));
        }
        Ok(Self {
            text: text.to_owned(),
            module: text.split('/').map(|part| part.replace('-', "_")).collect(),
        })
    }
}

impl SpecPath {
    /// The path as the spec writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The module that the spec becomes.
    #[must_use]
    pub fn module(&self) -> &[String] {
        &self.module
    }
}
