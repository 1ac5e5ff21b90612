//! The reference page of the format, in Markdown.

use super::Parts;
use crate::{
    error::Error,
    value::{Key, Notation, Section, Wording, in_words},
};
use askama::Template;

#[derive(Template)]
#[template(path = "schema/spec.md")]
struct Page {
    sections: Vec<Chapter>,
    notations: Vec<Writing>,
}

/// A section of the format.
struct Chapter {
    title: String,
    doc: String,
    rows: Vec<Row>,
    /// A link to the section whose keys it has, too.
    shared: Option<String>,
}

/// A key.
struct Row {
    key: &'static str,
    value: String,
    default: String,
    doc: String,
}

/// How a kind of value is written.
struct Writing {
    anchor: String,
    title: String,
    doc: &'static str,
    examples: String,
}

/// The reference page of the format, in Markdown.
///
/// # Errors
///
/// [`Error::Bug`] when the page cannot be printed.
pub fn reference_page() -> Result<String, Error> {
    let parts = Parts::new();
    let page = Page {
        sections: parts
            .sections
            .iter()
            .map(|section| chapter(section))
            .collect(),
        notations: parts
            .notations
            .iter()
            .map(|notation| writing(notation))
            .collect(),
    };
    Ok(page.render().map_err(|error| Error::bug(&error))? + "\n")
}

fn chapter(section: &'static Section) -> Chapter {
    Chapter {
        title: capitalized(name(section.what)),
        doc: section.doc(),
        rows: section.own.iter().map(row).collect(),
        shared: section.shared.map(|shared| link(name(shared.what), false)),
    }
}

fn row(key: &Key) -> Row {
    let default = match (key.default, key.required) {
        (Some(default), _) => code(&default()),
        (None, Some(_)) => "required".to_owned(),
        (None, None) => String::new(),
    };
    Row {
        key: key.name,
        value: in_words(&key.form, &Links).replace('|', r"\|"),
        default,
        doc: key.doc().replace('|', r"\|"),
    }
}

fn writing(notation: &Notation) -> Writing {
    let examples: Vec<String> = notation
        .examples
        .iter()
        .map(|example| code(example))
        .collect();
    Writing {
        anchor: anchor(notation.name),
        title: capitalized(notation.name),
        doc: notation.doc,
        examples: examples.join(", "),
    }
}

/// Names as links to where they are explained.
struct Links;

impl Wording for Links {
    fn notation(&self, notation: &Notation, is_plural: bool) -> String {
        link(notation.name, is_plural)
    }

    fn section(&self, section: &Section, is_plural: bool) -> String {
        link(name(section.what), is_plural)
    }
}

fn link(name: &str, is_plural: bool) -> String {
    // Keys have no plural.
    let ending = if is_plural && !name.ends_with('`') {
        "s"
    } else {
        ""
    };
    format!("[{name}{ending}](#{})", anchor(name))
}

/// "an endpoint" without its article.
fn name(what: &str) -> &str {
    let name = what.strip_prefix("an ").or_else(|| what.strip_prefix("a "));
    name.unwrap_or(what)
}

/// Where a title is found within the page.
fn anchor(title: &str) -> String {
    title.replace('`', "").replace(' ', "-").to_lowercase()
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

fn code(text: &str) -> String {
    format!("`{text}`")
}
