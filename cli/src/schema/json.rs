//! The JSON Schema of specs (2020-12).

use super::Parts;
use crate::{
    read,
    spec::{Keyed, Spec},
    value::{Form, Key, Notation, Others, Section},
};
use serde_json::{Map, Value, json};

/// The JSON Schema of specs, as text.
///
/// It takes every spec that is well formed. What depends on several places at once, such as a channel that is not declared,
/// is more than a schema can say: `autumn-gen ws` finds it.
#[must_use]
pub fn json_schema() -> String {
    let parts = Parts::new();
    let sections = parts
        .sections
        .iter()
        .map(|section| (section.name.to_owned(), object(section)));
    let notations = parts
        .notations
        .iter()
        .map(|notation| (definition(notation.name), scalar(notation)));
    let shared = parts.shared.iter().map(|shared| {
        (
            definition(shared.name),
            described(form(&(shared.form)()), shared.doc),
        )
    });
    let definitions: Map<String, Value> = sections.chain(notations).chain(shared).collect();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "autumn-gen spec",
        "$ref": reference(Spec::SECTION.name),
        "$defs": definitions,
    });
    format!("{schema:#}\n")
}

fn object(section: &'static Section) -> Value {
    let mut properties: Map<String, Value> = section
        .keys()
        .map(|key| (key.name.to_owned(), property(key)))
        .collect();
    if section.name == Spec::SECTION.name {
        properties.insert("$schema".to_owned(), json!({ "type": "string" }));
    }
    let required = section.keys().filter(|key| key.required.is_some());
    json!({
        "type": "object",
        "description": section.doc(),
        "properties": properties,
        "patternProperties": others(section),
        "additionalProperties": false,
        "required": required.map(|key| key.name).collect::<Vec<_>>(),
    })
}

fn property(key: &'static Key) -> Value {
    let mut forms = alternatives(&key.form);
    if key.may_be_empty() {
        forms.push(form(&Form::Nothing));
    }
    let mut property = any_of(forms);
    if let Some(members) = property.as_object_mut() {
        members.insert("description".to_owned(), key.doc().into());
        if let Some(default) = key.default.and_then(|default| read::json(&default())) {
            members.insert("default".to_owned(), default);
        }
        if key.required.is_some() && matches!(key.form, Form::Map { .. }) {
            members.insert("minProperties".to_owned(), 1.into());
        }
    }
    property
}

fn form(form: &Form) -> Value {
    any_of(alternatives(form))
}

fn alternatives(form: &Form) -> Vec<Value> {
    match form {
        Form::Either(forms) => forms.iter().flat_map(alternatives).collect(),
        Form::Choices(choices) => choices
            .iter()
            .map(|choice| json!({ "const": choice.text, "description": choice.doc() }))
            .collect(),
        other => vec![alternative(other)],
    }
}

/// The schema of a form that has no alternatives.
fn alternative(form: &Form) -> Value {
    match form {
        Form::Nothing => json!({ "type": "null" }),
        Form::Any => json!({}),
        Form::Text => json!({ "type": "string" }),
        Form::Bool => json!({ "type": "boolean" }),
        Form::Number => json!({ "type": "number" }),
        Form::Notation(notation) => json!({ "$ref": reference(&definition(notation.name)) }),
        Form::Choices(_) | Form::Either(_) => self::form(form),
        Form::List {
            element,
            distinct,
            least,
            most,
        } => json!({
            "type": "array",
            "items": self::form(element),
            "minItems": least,
            "maxItems": most,
            "uniqueItems": distinct,
        }),
        Form::Map { keys, values, most } => json!({
            "type": "object",
            "propertyNames": self::form(keys),
            "additionalProperties": self::form(values),
            "maxProperties": most,
        }),
        Form::Section(section) => json!({ "$ref": reference(section.name) }),
        Form::Shared(shared) => json!({ "$ref": reference(&definition(shared.name)) }),
    }
}

fn scalar(notation: &Notation) -> Value {
    let numbers = notation.numbers.iter().map(
        |range| json!({ "type": "integer", "minimum": range.start(), "maximum": range.end() }),
    );
    let text = notation
        .pattern
        .map(|pattern| json!({ "type": "string", "pattern": pattern }));
    described(any_of(numbers.chain(text).collect()), notation.doc)
}

fn described(mut schema: Value, doc: &str) -> Value {
    if let Some(members) = schema.as_object_mut() {
        members.insert("description".to_owned(), doc.into());
    }
    schema
}

/// The keys of a section that are not the format's: those that its author chooses, or those that are left to other tools, and
/// are a place for anchors.
fn others(section: &Section) -> Value {
    match &section.others {
        Some(Others {
            form:
                Form::Map {
                    keys: Form::Notation(keys),
                    values,
                    ..
                },
            ..
        }) => {
            json!({ keys.pattern.unwrap_or_default(): form(values) })
        }
        _ => json!({ "^x-": {} }),
    }
}

/// One of several alternatives.
fn any_of(mut schemas: Vec<Value>) -> Value {
    match schemas.pop() {
        Some(only) if schemas.is_empty() => only,
        Some(last) => {
            schemas.push(last);
            json!({ "anyOf": schemas })
        }
        None => Value::Bool(false),
    }
}

fn reference(definition: &str) -> String {
    format!("#/$defs/{definition}")
}

fn definition(name: &str) -> String {
    name.replace(' ', "_")
}
