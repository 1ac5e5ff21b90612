//! From a project's specs to its files, stage by stage. Everything but `discover` and `write` is pure.

use crate::diagnostic::Diagnostics;
use crate::discover::{self, Discovered};
use crate::error::Error;
use crate::output::file::File;
use crate::project::{Folders, Project};
use crate::targets::rust::{layout, plan, print};
use crate::{check, read};

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
    let (parsed, mistakes) = read::read(sources);
    let misfits = check::check(sources, &parsed);
    let all = [discovered.diagnostics.clone(), mistakes, misfits].concat();
    let diagnostics = Diagnostics::new(sources, &all);
    if diagnostics.has_errors() {
        return Err(Error::Specs(diagnostics));
    }
    let resolved = plan::plan(sources, &parsed, &folders.out);
    let rendered = print::print(&resolved)?;
    let files = layout::layout(&rendered, &folders.specs)?;
    Ok(Generated {
        files,
        warnings: diagnostics,
    })
}
