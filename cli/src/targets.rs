//! What a contract becomes.

pub mod rust;

use crate::{
    contract::Contract,
    diagnostic::Diagnostic,
    error::Error,
    output::file::{File, Format},
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
