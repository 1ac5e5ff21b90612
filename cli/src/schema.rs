//! The format of specs, described from the table of keys: as JSON Schema for editors, and as a page for people.

mod json;
mod page;

pub use json::json_schema;
pub use page::reference_page;

use crate::{
    spec::{Keyed, Spec},
    value::{Form, Notation, Section, SharedForm},
};

/// What the format consists of, each part once, in the order in which a reader comes to it.
#[derive(Default)]
struct Parts {
    sections: Vec<&'static Section>,
    notations: Vec<&'static Notation>,
    shared: Vec<&'static SharedForm>,
}

impl Parts {
    fn new() -> Self {
        let mut parts = Self::default();
        parts.add_section(Spec::SECTION);
        parts
    }

    fn add_section(&mut self, section: &'static Section) {
        if self.sections.iter().any(|other| other.name == section.name) {
            return;
        }
        self.sections.push(section);
        for key in section.own {
            self.add(&key.form);
        }
        if let Some(shared) = section.shared {
            self.add_section(shared);
        }
        if let Some(others) = &section.others {
            self.add(&others.form);
        }
    }

    fn add(&mut self, form: &Form) {
        match form {
            Form::Nothing
            | Form::Any
            | Form::Text
            | Form::Bool
            | Form::Number
            | Form::Choices(_) => {}
            Form::Notation(notation) => self.add_notation(notation),
            Form::Either(forms) => forms.iter().for_each(|form| self.add(form)),
            Form::List { element, .. } => self.add(element),
            Form::Map { keys, values, .. } => {
                self.add(keys);
                self.add(values);
            }
            Form::Section(section) => self.add_section(section),
            Form::Shared(shared) => self.add_shared(shared),
        }
    }

    fn add_notation(&mut self, notation: &'static Notation) {
        if self
            .notations
            .iter()
            .all(|other| other.name != notation.name)
        {
            self.notations.push(notation);
        }
    }

    fn add_shared(&mut self, shared: &'static SharedForm) {
        if self.shared.iter().all(|other| other.name != shared.name) {
            self.shared.push(shared);
            self.add(&(shared.form)());
        }
    }
}
