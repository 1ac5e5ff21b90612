//! The axum server: modules, and the skeletons of handlers.

mod check;
pub mod ir;
mod layout;
mod names;
mod plan;
mod print;

use super::Target;
use crate::{
    contract::Contract,
    diagnostic::Diagnostic,
    error::Error,
    output::file::{File, Format},
    project::{Crates, RustTypes, Surroundings},
};

/// The axum server.
#[derive(Debug)]
pub struct Rust {
    /// The files are included by a macro.
    pub is_included: bool,
    /// What the package calls the crates that generated code uses.
    pub crates: Crates,
    /// The types behind types of specs.
    pub types: RustTypes,
}

/// The format of generated Rust.
pub static FORMAT: Format = Format {
    target: "rust",
    extension: "rs",
    epoch: 2,
    comment: ("//", ""),
};

impl Target for Rust {
    fn check(&self, contract: &Contract) -> Vec<Diagnostic> {
        check::check(contract, self)
    }

    fn files(&self, contract: &Contract, surroundings: &Surroundings) -> Result<Vec<File>, Error> {
        let planned = plan::plan(contract, &surroundings.out, self);
        print::files(&planned, &surroundings.specs)
    }
}
