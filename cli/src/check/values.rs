//! Path params and query fields: what clients call them, and what code does.

use crate::{
    contract::{Param, Path, QueryField, Type},
    diagnostic::{Diagnostic, code},
    place::{At, Place},
    spec::{self, ClientValue},
    suggest,
    value::{Name, RoutePath, WireName},
};

/// The path, with those of its params that have a name in code.
pub(super) fn path(
    written: &spec::Endpoint,
    route: &At<RoutePath>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Path {
    check_params(written, route, diagnostics);
    let mut params = Vec::new();
    for value in written.path_values() {
        let wire = value.wire;
        let typed = written.param(wire).and_then(|param| param.ty.as_ref());
        let name = named(
            &value,
            &of_param(route, wire),
            "params",
            typed.map(|ty| ty.value.as_str()),
            diagnostics,
        );
        params.extend(name.map(|name| Param {
            wire: wire.clone(),
            name,
            ty: typed.map_or(Type::TEXT, |ty| Type::Rust(ty.value.clone())),
        }));
    }
    Path {
        route: route.clone(),
        params,
    }
}

/// The query fields that have a type, and a name in code.
pub(super) fn query(
    written: &spec::Endpoint,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<QueryField> {
    let mut query = Vec::new();
    for field in &written.query {
        let Some(ty) = &field.ty else { continue };
        let place = field.wire.place.of_key();
        let name = named(
            &field.value(),
            &place,
            "query",
            Some(ty.value.as_str()),
            diagnostics,
        );
        query.extend(name.map(|name| QueryField {
            wire: field.wire.value.clone(),
            name,
            ty: Type::Rust(ty.value.clone()),
            default: field.default.clone(),
        }));
    }
    query
}

/// What a value is called in code, and where the spec says so.
fn named(
    value: &ClientValue,
    place: &Place,
    section: &str,
    ty: Option<&str>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<At<Name>> {
    if let Some(name) = value.named {
        return Some(name.clone());
    }
    let name = value.wire.name();
    if name.is_none() {
        let wire = value.wire.as_str();
        let ty = ty.map_or_else(String::new, |ty| format!("type: {ty:?}, "));
        diagnostics.push(
            Diagnostic::error(
                code::BAD_NAME,
                place.clone(),
                format!("no name in code can be made of `{wire}`"),
            )
            .label("needs a name of letters, digits and underscores")
            .help(format!(
                "write `{wire:?}: {{ {ty}name: NAME }}` in `{section}`, with a name of your choice"
            )),
        );
    }
    name.map(|name| At::new(name, place.clone()))
}

/// Where the name of a param is in the path.
fn of_param(route: &At<RoutePath>, wire: &WireName) -> Place {
    let wire = wire.as_str();
    let starts = ["{", "{*"].map(|start| (start.len(), format!("{start}{wire}}}")));
    let found = starts.iter().find_map(|(start, param)| {
        let at = route.value.as_str().find(param.as_str())? + start;
        Some(route.place.within(at..at + wire.len()))
    });
    found.unwrap_or_else(|| route.place.clone())
}

/// `params:` may only name what is in the path.
fn check_params(
    endpoint: &spec::Endpoint,
    route: &At<RoutePath>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let params = route.value.params().iter();
    let known: Vec<&str> = params.map(WireName::as_str).collect();
    for param in &endpoint.params {
        let name = param.wire.value.as_str();
        if known.contains(&name) {
            continue;
        }
        let add = || {
            let path = route.value.as_str().trim_end_matches('/');
            format!("add it to the path, as in `{path}/{{{name}}}`")
        };
        let message = format!(
            "the path of endpoint `{}` has no param `{name}`",
            endpoint.key.value.as_str()
        );
        diagnostics.push(
            Diagnostic::error(code::NOT_IN_PATH, param.wire.place.of_key(), message)
                .label("not in the path")
                .related(route.place.clone(), "the path")
                .help(suggest::did_you_mean(name, "the path has", &known).unwrap_or_else(add)),
        );
    }
}
