//! Finds out whether specs fit together, and makes the [`Contract`] of what they say.
//!
//! This is the one barrier: whatever comes after it takes a [`Contract`], in which nothing is missing. What only concerns
//! one target is that target's to check, on the same contract and in the same run.

mod channels;
mod closes;
mod declarations;
mod endless;
mod endpoints;
mod examples;
mod kinds;
mod mistakes;
mod modules;
mod places;
mod routes;
mod topics;
mod typed;
mod types;
mod uses;
mod values;

use crate::{
    contract::Contract,
    diagnostic::{Diagnostic, Severity},
    source::Source,
    spec::Spec,
    targets::Target,
};

/// What has passed the barrier.
#[derive(Debug)]
pub struct Checked {
    /// What the specs agree on.
    pub contract: Contract,
    /// What is worth a look, though nothing is wrong.
    pub warnings: Vec<Diagnostic>,
}

/// Checks all specs of a run together, for all targets. `diagnostics` are those of earlier stages.
///
/// # Errors
///
/// Everything that is known to be wrong, warnings included, as soon as there is one error.
pub fn check(
    sources: &[Source],
    specs: &[Spec],
    mut diagnostics: Vec<Diagnostic>,
    targets: &[Box<dyn Target>],
) -> Result<Checked, Vec<Diagnostic>> {
    modules::check(sources, &mut diagnostics);
    channels::check(specs, &mut diagnostics);
    let contract = modules::contract(sources, specs, &mut diagnostics);
    routes::check(&contract, &mut diagnostics);
    // What could not be understood is not in the contract, and has its diagnostic.
    for target in targets {
        diagnostics.extend(target.check(&contract));
    }
    let is_error = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
    if diagnostics.iter().any(is_error) {
        return Err(diagnostics);
    }
    Ok(Checked {
        contract,
        warnings: diagnostics,
    })
}
