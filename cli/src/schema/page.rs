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
        shared: section.shared.map(|shared| link(name(shared.what), "")),
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
    joined(alternatives(form, ""))
}

/// What may be written as each of several values.
fn values(form: &Form) -> String {
    joined(alternatives(form, "s"))
}

fn joined(mut parts: Vec<String>) -> String {
    match parts.pop() {
        Some(last) if !parts.is_empty() => format!("{} or {last}", parts.join(", ")),
        only => only.unwrap_or_default(),
    }
}

/// Each way to write a value; `plural` is the ending of several.
fn alternatives(form: &Form, plural: &str) -> Vec<String> {
    let one = match form {
        Form::Either(forms) => {
            return forms
                .iter()
                .flat_map(|form| alternatives(form, plural))
                .collect();
        }
        Form::Choices(choices) => {
            return choices.iter().map(|choice| code(choice.text)).collect();
        }
        Form::Bool => return vec![code("true"), code("false")],
        Form::Nothing => "nothing".to_owned(),
        Form::Text => format!("text{plural}"),
        Form::Number => format!("number{plural}"),
        Form::Notation(notation) => link(notation.name, plural),
        Form::List {
            element: Form::Choices(_),
            ..
        } => "a list of them".to_owned(),
        Form::List { element, .. } => format!("a list of {}", values(element)),
        Form::Map {
            keys,
            values: entries,
            ..
        } => format!("a mapping from {} to {}", values(keys), values(entries)),
        Form::Section(section) => link(name(section.what), plural),
    };
    vec![one]
}

fn link(name: &str, plural: &str) -> String {
    match name.strip_suffix('`') {
        Some(_) => format!("[{name}](#{})", anchor(name)),
        None => format!("[{name}{plural}](#{})", anchor(name)),
    }
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
