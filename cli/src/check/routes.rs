//! Paths that axum's router cannot tell apart, found with the router that axum uses.

use crate::{
    contract::Contract,
    diagnostic::{Diagnostic, code},
    place::At,
    value::RoutePath,
};

pub(super) fn check(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let mut router = matchit::Router::new();
    let mut mounted: Vec<&At<RoutePath>> = Vec::new();
    let endpoints = contract.modules.iter().flat_map(|module| &module.endpoints);
    for route in endpoints.map(|endpoint| &endpoint.path.route) {
        match router.insert(route.value.as_str(), ()) {
            Ok(()) => mounted.push(route),
            Err(_) => diagnostics.push(overlap(route, &mounted)),
        }
    }
}

fn overlap(route: &At<RoutePath>, mounted: &[&At<RoutePath>]) -> Diagnostic {
    let text = route.value.as_str();
    let other = mounted.iter().find(|other| {
        let mut pair = matchit::Router::new();
        pair.insert(other.value.as_str(), ()).is_ok() && pair.insert(text, ()).is_err()
    });
    let message = match other {
        Some(other) if other.value.as_str() != text => format!(
            "`{text}` overlaps with `{}`: axum cannot tell them apart",
            other.value.as_str()
        ),
        _ => format!("duplicate path `{text}`"),
    };
    let diagnostic =
        Diagnostic::error(code::PATHS_OVERLAP, route.place.clone(), message).label("this path");
    match other {
        Some(other) => diagnostic.related(other.place.clone(), "and this one"),
        None => diagnostic,
    }
    .help("give each endpoint its own path")
}
