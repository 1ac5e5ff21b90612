//! From a project's specs to its files, stage by stage. Everything but `discover` and `write` is pure.

use crate::{
    check::{self, Checked},
    diagnostic::Diagnostics,
    discover::{self, Discovered},
    error::Error,
    output::file::File,
    project::{Folders, Project},
    read, targets,
};

/// What a run generates.
#[derive(Debug)]
pub struct Generated {
    /// Every file of the project, sorted by path.
    pub files: Vec<File>,
    /// What is worth a look, though nothing is wrong.
    pub warnings: Diagnostics,
}

/// Generates the files of a project. Nothing is written.
///
/// # Errors
///
/// [`Error::Environment`] when specs cannot be read, [`Error::Specs`] with everything that is wrong in all of them.
pub fn generate(project: &Project) -> Result<Generated, Error> {
    generate_from(&discover::discover(project)?, &project.folders())
}

/// Generates files from texts that are at hand.
///
/// # Errors
///
/// [`Error::Specs`] with everything that is wrong.
pub fn generate_from(discovered: &Discovered, folders: &Folders) -> Result<Generated, Error> {
    let sources = &discovered.sources;
    let (specs, mistakes) = read::read(sources);
    let known = [discovered.diagnostics.clone(), mistakes].concat();
    let Checked { contract, warnings } = check::check(sources, &specs, known, targets::ALL)
        .map_err(|diagnostics| Error::Specs(Diagnostics::new(sources, &diagnostics)))?;
    let mut files = Vec::new();
    for target in targets::ALL {
        files.extend(target.files(&contract, folders)?);
    }
    Ok(Generated {
        files,
        warnings: Diagnostics::new(sources, &warnings),
    })
}
