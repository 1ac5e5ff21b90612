//! YAML values as JSON.

use super::{
    field::ReadValue,
    reader::{Node, Reader},
};
use crate::{
    diagnostic::{Diagnostic, code},
    place::Place,
    spec::Json,
};
use serde_json::{Map, Number, Value as Target};
use serde_yaml::Value;

impl ReadValue for Json {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        match json(node.value, &node.place) {
            Ok(value) => Some(Self(value)),
            Err(diagnostic) => {
                reader.note(*diagnostic);
                None
            }
        }
    }
}

/// A value of an example; the depth of YAML documents is bounded before.
fn json(value: &Value, place: &Place) -> Result<Target, Box<Diagnostic>> {
    Ok(match value {
        Value::Null => Target::Null,
        Value::Bool(value) => Target::Bool(*value),
        Value::Number(number) => number_of(number).ok_or_else(|| {
            refused(
                place,
                &number.to_string(),
                "is not a number of JSON",
                "quote it if it is text",
            )
        })?,
        Value::String(text) => Target::String(text.clone()),
        Value::Sequence(elements) => {
            let elements = elements.iter().enumerate();
            let json = |(index, value)| json(value, &place.index(index));
            Target::Array(elements.map(json).collect::<Result<_, _>>()?)
        }
        Value::Mapping(mapping) => {
            let mut members = Map::new();
            for (key, value) in mapping {
                let key = key
                    .as_str()
                    .ok_or_else(|| refused(place, "a key", "that is not text", "quote the key"))?;
                members.insert(key.to_owned(), json(value, &place.key(key))?);
            }
            Target::Object(members)
        }
        Value::Tagged(_) => {
            return Err(refused(
                place,
                "a tag of YAML",
                "has no meaning here",
                "leave the tag out",
            ));
        }
    })
}

fn number_of(number: &serde_yaml::Number) -> Option<Target> {
    let whole = number.as_u64().map(Number::from);
    let whole = whole.or_else(|| number.as_i64().map(Number::from));
    let number = whole.or_else(|| number.as_f64().and_then(Number::from_f64));
    number.map(Target::Number)
}

fn refused(place: &Place, what: &str, why: &str, help: &str) -> Box<Diagnostic> {
    let diagnostic = Diagnostic::error(code::WRONG_TYPE, place.clone(), format!("{what} {why}"));
    Box::new(diagnostic.label("not JSON").help(help))
}
