//! Defaults of query fields, each of the type of its field.

use super::{reader::Reader, scalars};
use crate::{
    diagnostic::{Diagnostic, code},
    place::At,
    value::{Given, Literal, QueryType},
};

/// A default that fits its type.
pub(super) fn literal(
    reader: &mut Reader,
    given: &At<Given>,
    ty: &At<QueryType>,
) -> Option<Literal> {
    let QueryType(rust) = &ty.value;
    let literal = Literal::of(&given.value, rust);
    if literal.is_none() {
        let message = format!("this default is not a value of `{}`", rust.as_str());
        let plain = rust.plain().unwrap_or_default();
        let (label, help) = why_not(plain);
        reader.note(
            Diagnostic::error(code::BAD_DEFAULT, given.place.clone(), message)
                .label(label)
                .related(ty.place.clone(), "the type")
                .help(help)
                .help_if(instead(&given.value, plain)),
        );
    }
    literal
}

/// What to write instead of a text that was meant otherwise.
fn instead(given: &Given, ty: &str) -> Option<String> {
    match (given, ty) {
        (Given::Text(text), "bool") => {
            let value = scalars::instead_of_bool(text)?;
            Some(format!("write `{value}`: YAML 1.2 takes `{text}` for text"))
        }
        (Given::Text(_), "String" | "char" | "") => None,
        (Given::Text(text), _) => scalars::instead_of_number(text),
        _ => None,
    }
}

/// What the default of a type must be, and what to do; that of an `Option` for no type.
fn why_not(ty: &str) -> (&'static str, &'static str) {
    match ty {
        "" => (
            "an `Option` is `None` where the client gives nothing",
            "leave `Option` out, or the default",
        ),
        "String" => ("must be text", "quote it"),
        "bool" => (
            "must be `true` or `false`",
            "write `true` or `false`, without quotes",
        ),
        "char" => ("must be one character", "quote it"),
        "i128" | "u128" => (
            "must be a whole number that the type can hold",
            "write it in digits, and quote it if it takes more than 64 bits",
        ),
        _ => (
            "must be a number that the type can hold",
            "write it without quotes, within the range of the type",
        ),
    }
}
