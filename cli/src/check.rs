//! Finds out whether specs fit together: with themselves, with each other, with Rust and with axum.
//!
//! Everything that `resolve` relies on is checked here, so that it cannot fail.

mod channels;
mod endpoints;
mod files;
mod names;
mod routes;
mod states;

use crate::diagnostic::Diagnostic;
use crate::source::Source;
use crate::spec::Spec;

/// Checks all specs of a run together.
#[must_use]
pub fn check(sources: &[Source], specs: &[Spec]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for spec in specs {
        names::check(spec, &mut diagnostics);
        channels::check(spec, &mut diagnostics);
        endpoints::check(spec, &mut diagnostics);
    }
    channels::check_together(specs, &mut diagnostics);
    routes::check(specs, &mut diagnostics);
    states::check(specs, &mut diagnostics);
    files::check(sources, specs, &mut diagnostics);
    diagnostics
}
