//! The reference page of the format, in Markdown.

use super::Parts;
use crate::{
    error::Error,
    value::{Form, Key, Notation, Section},
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
        shared: section.shared.map(link),
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
        value: value(&key.form).replace('|', r"\|"),
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

/// What may be written as a value, in words.
fn value(form: &Form) -> String {
    let mut parts = alternatives(form);
    match parts.pop() {
        Some(last) if !parts.is_empty() => format!("{} or {last}", parts.join(", ")),
        only => only.unwrap_or_default(),
    }
}

fn alternatives(form: &Form) -> Vec<String> {
    match form {
        Form::Either(forms) => forms.iter().flat_map(alternatives).collect(),
        Form::Words(words) => words.iter().map(|word| code(word.text)).collect(),
        Form::Nothing => vec!["nothing".to_owned()],
        Form::Text => vec!["text".to_owned()],
        Form::Bool => vec!["`true`".to_owned(), "`false`".to_owned()],
        Form::Number => vec!["a number".to_owned()],
        Form::Notation(notation) => {
            vec![format!("[{}](#{})", notation.name, anchor(notation.name))]
        }
        Form::List {
            element: Form::Words(_),
            ..
        } => vec!["a list of them".to_owned()],
        Form::List { element, .. } => vec![format!("a list: {}", value(element))],
        Form::Map { keys, values, .. } => {
            vec![format!(
                "a mapping from {} to {}",
                value(keys),
                value(values)
            )]
        }
        Form::Section(section) => vec![link(section)],
    }
}

fn link(section: &Section) -> String {
    let name = name(section.what);
    format!("[{name}](#{})", anchor(name))
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
