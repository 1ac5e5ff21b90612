//! What a run generates, as the stages before hand it over.

use super::file::{File, Format};
use crate::diagnostic::Diagnostics;
use std::path::PathBuf;

/// What a run generates.
#[derive(Debug, Default)]
pub struct Generated {
    /// Every file of the project, sorted by path.
    pub files: Vec<File>,
    /// The formats of the targets.
    pub formats: Vec<&'static Format>,
    /// Where the handler of each endpoint stands, if it has one.
    pub handler_places: Vec<HandlerPlace>,
    /// What is worth a look, though nothing is wrong.
    pub warnings: Diagnostics,
}

/// Where the handler of an endpoint stands, whether or not the endpoint has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandlerPlace {
    /// The name of the endpoint.
    pub endpoint: String,
    /// The spec.
    pub spec: String,
    /// The file, below the output folder.
    pub path: PathBuf,
}
