//! Paths that axum's router cannot tell apart, found with the router that axum uses.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;
use crate::place::At;
use crate::spec::{RoutePath, Spec};

pub(super) fn check(specs: &[Spec], diagnostics: &mut Vec<Diagnostic>) {
    let mut router = matchit::Router::new();
    let mut mounted: Vec<&At<RoutePath>> = Vec::new();
    for path in specs
        .iter()
        .flat_map(|spec| &spec.endpoints)
        .filter_map(|endpoint| endpoint.path.as_ref())
    {
        match router.insert(path.value.as_str(), ()) {
            Ok(()) => mounted.push(path),
            Err(_) => diagnostics.push(overlap(path, &mounted)),
        }
    }
}

fn overlap(path: &At<RoutePath>, mounted: &[&At<RoutePath>]) -> Diagnostic {
    let text = path.value.as_str();
    let other = mounted.iter().find(|other| {
        let mut pair = matchit::Router::new();
        pair.insert(other.value.as_str(), ()).is_ok() && pair.insert(text, ()).is_err()
    });
    let message = match other {
        Some(other) if other.value.as_str() != text => format!(
            "`{text}` overlaps with `{}`: axum cannot tell them apart",
            other.value.as_str()
        ),
        _ => format!("the path `{text}` is there twice"),
    };
    let diagnostic =
        Diagnostic::error(code::PATHS_OVERLAP, path.place.clone(), message).label("this path");
    match other {
        Some(other) => diagnostic
            .related(other.place.clone(), "and this one")
            .help("give each endpoint a path of its own"),
        None => diagnostic.help("give each endpoint a path of its own"),
    }
}
