//! The reference page of the format, in Markdown.

use super::Parts;
use crate::{
    error::Error,
    value::{Form, Key, Notation, Others, Section, SharedForm, Wording, in_words},
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
    key: String,
    value: String,
    default: String,
    doc: String,
}

/// How a kind of value is written.
struct Writing {
    anchor: String,
    title: String,
    doc: String,
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
            .shared
            .iter()
            .map(|shared| shared_writing(shared))
            .chain(parts.notations.iter().map(|notation| writing(notation)))
            .collect(),
    };
    Ok(page.render().map_err(|error| Error::bug(&error))? + "\n")
}

fn chapter(section: &'static Section) -> Chapter {
    Chapter {
        title: capitalized(name(section.what)),
        doc: section.doc(),
        rows: section
            .own
            .iter()
            .map(row)
            .chain(section.others.as_ref().map(others))
            .collect(),
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
        key: code(key.name),
        value: in_words(&key.form, &Links).replace('|', r"\|"),
        default,
        doc: key.doc().replace('|', r"\|"),
    }
}

fn others(others: &Others) -> Row {
    let value = match &others.form {
        Form::Map { values, .. } => in_words(values, &Links),
        form => in_words(form, &Links),
    };
    Row {
        key: "any other".to_owned(),
        value,
        default: String::new(),
        doc: others.doc(),
    }
}

fn writing(notation: &Notation) -> Writing {
    written(notation.name, notation.doc, notation.examples)
}

fn shared_writing(shared: &SharedForm) -> Writing {
    let doc = format!(
        "{}: {}",
        capitalized(&in_words(&(shared.form)(), &Links)),
        shared.doc
    );
    written(shared.name, &doc, shared.examples)
}

fn written(name: &str, doc: &str, examples: &[&str]) -> Writing {
    let examples: Vec<String> = examples.iter().map(|example| code(example)).collect();
    Writing {
        anchor: anchor(name),
        title: capitalized(name),
        doc: doc.replace(" | ", r" \| "),
        examples: examples.join(", ").replace(" | ", r" \| "),
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

    fn shared(&self, shared: &SharedForm, is_plural: bool) -> String {
        link(shared.name, is_plural)
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
