//! What a contract becomes.

pub mod rust;

use crate::{
    contract::Contract,
    diagnostic::Diagnostic,
    error::Error,
    options::Options,
    output::file::{File, Format},
    project::Surroundings,
};

/// Something that a contract becomes, in a language of its own.
pub trait Target {
    /// What cannot be expressed in this target. The contract has all that could be understood of the specs.
    fn check(&self, contract: &Contract) -> Vec<Diagnostic>;

    /// The files.
    ///
    /// # Errors
    ///
    /// Only when a template is at fault, or the system gives no thread.
    fn files(&self, contract: &Contract, surroundings: &Surroundings) -> Result<Vec<File>, Error>;
}

/// The targets of a run, in a package with these surroundings.
#[must_use]
pub fn of(options: &Options, surroundings: &Surroundings) -> Vec<Box<dyn Target>> {
    vec![Box::new(rust::Rust {
        is_included: options.is_included,
        crates: surroundings.crates.clone(),
        types: surroundings.types.clone(),
    })]
}

/// The format of each target.
pub const FORMATS: [&Format; 1] = [&rust::FORMAT];
