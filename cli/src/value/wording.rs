//! Forms in words, for messages and for the reference page.

use super::{Form, Notation, Section, SharedForm};
use crate::suggest;

/// How the parts of a form are called.
pub trait Wording {
    /// A value that follows a notation, or several.
    fn notation(&self, notation: &Notation, is_plural: bool) -> String;

    /// A section, or several.
    fn section(&self, section: &Section, is_plural: bool) -> String;

    /// A form that has a name, or several.
    fn shared(&self, shared: &SharedForm, is_plural: bool) -> String;
}

/// What may be written as a value.
pub fn in_words(form: &Form, wording: &impl Wording) -> String {
    suggest::either(alternatives(form, wording, false))
}

/// Each way to write a value, or several.
fn alternatives(form: &Form, wording: &impl Wording, is_plural: bool) -> Vec<String> {
    let several = |form| suggest::either(alternatives(form, wording, true));
    let one = match form {
        Form::Either(forms) => {
            let forms = forms.iter();
            return forms
                .flat_map(|form| alternatives(form, wording, is_plural))
                .collect();
        }
        Form::Choices(choices) => {
            let choices = choices.iter();
            return choices.map(|choice| format!("`{}`", choice.text)).collect();
        }
        Form::Bool => return vec!["`true`".to_owned(), "`false`".to_owned()],
        Form::Nothing => "nothing".to_owned(),
        Form::Any => "anything".to_owned(),
        Form::Text => "text".to_owned(),
        Form::Number => "a number".to_owned(),
        Form::Notation(notation) => wording.notation(notation, is_plural),
        Form::List {
            element: Form::Choices(_),
            ..
        } => "a list of them".to_owned(),
        Form::List { element, .. } => format!("a list of {}", several(element)),
        Form::Map { keys, values, .. } => {
            format!("a mapping from {} to {}", several(keys), several(values))
        }
        Form::Section(section) => wording.section(section, is_plural),
        Form::Shared(shared) => wording.shared(shared, is_plural),
    };
    vec![one]
}

/// The wording of messages.
pub struct Plain;

impl Wording for Plain {
    fn notation(&self, notation: &Notation, is_plural: bool) -> String {
        counted(notation.name, is_plural)
    }

    fn section(&self, section: &Section, is_plural: bool) -> String {
        match section.own {
            [only] if section.shared.is_none() => format!("`{{ {}: … }}`", only.name),
            _ if is_plural => "mappings".to_owned(),
            _ => "a mapping".to_owned(),
        }
    }

    fn shared(&self, shared: &SharedForm, is_plural: bool) -> String {
        counted(shared.name, is_plural)
    }
}

fn counted(name: &str, is_plural: bool) -> String {
    match is_plural {
        true => format!("{name}s"),
        false if name.starts_with(['a', 'e', 'i', 'o', 'u']) => format!("an {name}"),
        false => format!("a {name}"),
    }
}
