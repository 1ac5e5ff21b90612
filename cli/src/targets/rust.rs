//! The axum server: modules, and the skeletons of handlers.

mod check;
pub mod ir;
pub mod layout;
pub mod names;
pub mod plan;
pub mod print;

use super::Target;
use crate::{
    contract::Contract,
    diagnostic::Diagnostic,
    error::Error,
    output::file::{File, Format},
    project::Folders,
};

/// The axum server.
#[derive(Debug)]
pub struct Rust;

/// The format of generated Rust.
pub static FORMAT: Format = Format {
    target: "rust",
    extension: "rs",
    epoch: 1,
    comment: ("//", ""),
    // An outer attribute that rustfmt obeys on stable: the layout is ours, and stays so.
    preamble: "#![cfg_attr(rustfmt, rustfmt_skip)]\n",
};

impl Target for Rust {
    fn format(&self) -> &'static Format {
        &FORMAT
    }

    fn check(&self, contract: &Contract) -> Vec<Diagnostic> {
        check::check(contract)
    }

    fn files(&self, contract: &Contract, folders: &Folders) -> Result<Vec<File>, Error> {
        let planned = plan::plan(contract, &folders.out);
        let printed = print::print(&planned)?;
        layout::layout(&printed, &folders.specs)
    }
}
