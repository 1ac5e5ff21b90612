//! What a contract becomes.

pub mod rust;

use crate::{
    contract::Contract,
    diagnostic::Diagnostic,
    error::Error,
    output::file::{File, Format, Origin},
    project::Folders,
};

/// Something that a contract becomes, in a language of its own.
pub trait Target {
    /// What its files have in common.
    fn format(&self) -> &'static Format;

    /// What cannot be expressed in this target. The contract has all that could be understood of the specs.
    fn check(&self, contract: &Contract) -> Vec<Diagnostic>;

    /// The files.
    ///
    /// # Errors
    ///
    /// Only when a template is at fault, or the system gives no thread.
    fn files(&self, contract: &Contract, folders: &Folders) -> Result<Vec<File>, Error>;
}

/// Every target.
pub const ALL: &[&dyn Target] = &[&rust::Rust];

/// The format that a generated text has by its header; `None`: it was not generated.
#[must_use]
pub fn format_of(text: &str) -> Option<&'static Format> {
    let mut formats = ALL.iter().map(|target| target.format());
    formats.find(|format| format.origin(text) != Origin::Foreign)
}
