//! The values that an endpoint takes from a request: variables, and fields of one struct.

use super::keyword;
use crate::{
    contract::{Action, BinaryAction, Endpoint, Fill, Taken, Type},
    diagnostic::{Diagnostic, code},
    place::Place,
    project::RustTypes,
    targets::rust::names,
    value::{Basic, MOST_EXTRACTORS},
};

pub(super) fn check(endpoint: &Endpoint, types: &RustTypes, diagnostics: &mut Vec<Diagnostic>) {
    check_fields(endpoint, diagnostics);
    check_extractors(endpoint, diagnostics);
    check_methods(endpoint, diagnostics);
    check_kinds(endpoint, diagnostics);
    check_closes(endpoint, diagnostics);
    check_fills(endpoint, types, diagnostics);
    for extract in &endpoint.extract {
        let name = extract.name.value.as_str();
        if names::is_keyword(name) {
            diagnostics.push(keyword(name, extract.name.place.of_key()));
        }
    }
}

/// Path params, query fields, extracted values and the subprotocol become fields of one struct.
fn check_fields(endpoint: &Endpoint, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: Vec<(String, Place)> = Vec::new();
    for (name, place) in fields(endpoint) {
        let Some((_, first)) = seen.iter().find(|(other, _)| *other == name) else {
            seen.push((name, place));
            continue;
        };
        let message = format!(
            "endpoint `{}` has two values called `{name}`",
            endpoint.key.value.as_str()
        );
        diagnostics.push(
            Diagnostic::error(code::NAMES_COLLIDE, place, message)
                .label("the second one")
                .related(first.clone(), "the first one")
                .help("path params, query fields and extracted values share the fields of one struct: rename one, or give one another `name`"),
        );
    }
}

fn fields(endpoint: &Endpoint) -> impl Iterator<Item = (String, Place)> {
    let params = endpoint.path.params.iter().map(|param| &param.name);
    let query = endpoint.query.iter().map(|field| &field.name);
    let given = params.chain(query);
    let given = given.map(|name| (names::field(&name.value), name.place.clone()));
    let extract = endpoint.extract.iter().map(|extract| &extract.name);
    let extract = extract.map(|name| (name.value.as_str().to_owned(), name.place.of_key()));
    let spoken = endpoint.subprotocols.first();
    let spoken = spoken.map(|first| (names::SUBPROTOCOL.to_owned(), first.place.clone()));
    given.chain(extract).chain(spoken)
}

/// More than these would fit into no function.
fn check_extractors(endpoint: &Endpoint, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(extract) = endpoint.extract.get(MOST_EXTRACTORS) {
        let message = format!(
            "endpoint `{}` has too many extractors",
            endpoint.key.value.as_str()
        );
        diagnostics.push(
            Diagnostic::error(code::TOO_MANY, extract.name.place.of_key(), message)
                .label(format!("at most {MOST_EXTRACTORS}"))
                .help("combine several in your own extractor (`#[derive(axum::extract::FromRequestParts)]`)"),
        );
    }
}

/// A constant of the endpoint must not hide one that means something else.
fn check_closes(endpoint: &Endpoint, diagnostics: &mut Vec<Diagnostic>) {
    for close in &endpoint.closes {
        let name = close.name.value.as_str();
        let constant = names::close_constant(&close.name.value);
        if names::ENDPOINT_CONSTANTS.contains(&constant.as_str()) {
            let message = format!("a close code cannot be called `{name}`");
            diagnostics.push(
                Diagnostic::error(code::RESERVED_NAME, close.name.place.clone(), message)
                    .label(format!("`{constant}` is another constant of the endpoint"))
                    .help(format!("choose another name, such as `{name}_reached`")),
            );
        }
    }
}

/// The method that gets a channel's messages must not be one that means something else.
fn check_methods(endpoint: &Endpoint, diagnostics: &mut Vec<Diagnostic>) {
    for subscription in endpoint.handled() {
        let channel = subscription.topic.channel.key.value.as_str();
        let method = names::channel_method(channel);
        if names::METHODS.contains(&method.as_str()) {
            let message = format!("a handled channel cannot be called `{channel}`");
            diagnostics.push(
                Diagnostic::error(code::RESERVED_NAME, subscription.place.of_key(), message)
                    .label(format!(
                        "its method would be `{method}`, which has another meaning"
                    ))
                    .help("rename the channel; its `name:` can stay as it is"),
            );
        }
    }
}

/// The method that gets a kind of message must be one of its own.
fn check_kinds(endpoint: &Endpoint, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: Vec<(String, Place)> = Vec::new();
    for subscription in endpoint.handled() {
        let method = names::channel_method(subscription.topic.channel.key.value.as_str());
        seen.push((method, subscription.place.clone()));
    }
    let Some(typed) = &endpoint.typed else { return };
    if typed.binary() == Some(BinaryAction::Handle) {
        seen.push((names::ON_BINARY.to_owned(), endpoint.place()));
    }
    for taken in typed.taken() {
        if typed.binary().is_some() && taken.message.ty.name.as_str() == names::BINARY {
            diagnostics.push(called_binary(taken));
        }
        if matches!(taken.action, Action::Ignore | Action::Publish { .. }) {
            continue;
        }
        let method = names::kind_method(&taken.message.ty.name);
        let first = seen.iter().find(|(other, _)| *other == method);
        if names::METHODS.contains(&method.as_str()) || first.is_some() {
            let kind = taken.message.kind.value.as_str();
            let message =
                format!("the message `{kind}` cannot be handled: its method `{method}` is taken");
            let diagnostic = Diagnostic::error(code::RESERVED_NAME, taken.place.of_key(), message)
                .label("needs a method of its own")
                .help(format!(
                    "give the message another name in code, as in `{kind}: {{ $name: NAME }}`"
                ));
            diagnostics.push(match first {
                Some((_, place)) => diagnostic.related(place.clone(), "has this method, too"),
                None => diagnostic,
            });
        }
        seen.push((method, taken.place.of_key()));
    }
}

/// Binary frames and messages are variants of one enum.
fn called_binary(taken: &Taken) -> Diagnostic {
    let message = format!(
        "a message cannot be called `{}` beside binary frames",
        names::BINARY
    );
    Diagnostic::error(code::RESERVED_NAME, taken.place.of_key(), message)
        .label("is called so in code")
        .help("give the message another `$name`")
}

/// What clients give has the type that the channel takes.
fn check_fills(endpoint: &Endpoint, types: &RustTypes, diagnostics: &mut Vec<Diagnostic>) {
    for topic in endpoint.topics() {
        // What could not be filled has its diagnostic.
        if topic.fills.len() != topic.channel.name.value.placeholders().count() {
            continue;
        }
        let placeholders = topic.channel.name.value.placeholders();
        for (fill, (wire, _, range)) in topic.fills.iter().zip(placeholders) {
            let Some(basic) = topic.channel.params.get(wire) else {
                continue;
            };
            let expected = match basic {
                Basic::Text(_) => "String".to_owned(),
                Basic::Uuid => types.uuid.ty.code().to_owned(),
                basic => names::copied(basic),
            };
            let Some((place, given)) =
                given(endpoint, fill).filter(|(_, given)| *given != expected)
            else {
                continue;
            };
            let message = format!("`{wire}` is a `{given}`, and the channel takes a `{expected}`");
            diagnostics.push(
                Diagnostic::error(code::UNFIT_TYPE, place.clone(), message)
                    .label(format!("a `{given}`"))
                    .related(topic.channel.name.place.within(range), "filled by it")
                    .help("write the same type in both places"),
            );
        }
    }
}

/// The type of what a client gives, and where the spec says so. What is extracted has a type that only the compiler knows.
fn given<'a>(endpoint: &'a Endpoint, fill: &Fill) -> Option<(&'a Place, &'a str)> {
    let (name, ty) = match fill {
        Fill::Extracted(_) => return None,
        Fill::Param(name) => {
            let mut params = endpoint.path.params.iter();
            let param = params.find(|param| param.name.value == *name)?;
            (&param.name, &param.ty)
        }
        Fill::Query(name) => {
            let mut query = endpoint.query.iter();
            let field = query.find(|field| field.name.value == *name)?;
            (&field.name, &field.ty)
        }
    };
    let ty = match ty {
        Type::Rust(ty) => ty.code(),
        _ => "String",
    };
    Some((&name.place, ty))
}
