//! Generated files on their way to the disk. Only this stage writes.

pub mod clean;
mod compare;
pub mod difference;
mod disk;
pub mod file;
pub mod generated;
pub mod handlers;
mod header;
mod merged;
mod moved;
mod package;
mod plan;
pub mod report;
mod sets;
mod stage;

pub(crate) use self::stage::replace;

use self::{
    file::Format,
    generated::Generated,
    package::Package,
    plan::{Plan, plan},
    report::Report,
    stage::{commit, stage},
};
use crate::{error::Error, project::Project};
use std::{collections::BTreeSet, path::PathBuf};

/// What to do with the difference between generated files and those on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Remove it, and refuse where somebody's work would be lost.
    Write,
    /// Remove it, and throw away what was edited by hand. Everything else that [`Mode::Write`] refuses is refused, too.
    Force,
    /// Only report it.
    DryRun,
}

/// Writes what was generated, or reports what writing it would do.
///
/// `scope` holds the files that this run is limited to, below the output folder; files that are missing are written all the
/// same, since others may declare them. `None`: all of them, and then generated files that nothing asks for are removed, too.
///
/// # Errors
///
/// [`Error::Refused`] with the files in question, before anything is written, when a hand-written handler would no longer be
/// compiled, or a file was edited by hand, was made by a newer version, or was not written by this tool.
/// [`Error::Environment`] when the file system refuses, with the name of the file. All new text is on the disk before the first
/// file changes, so a full disk or a missing permission changes nothing.
pub fn write(
    project: &Project,
    generated: &Generated,
    scope: Option<&BTreeSet<PathBuf>>,
    mode: Mode,
) -> Result<Report, Error> {
    let Plan { files, mut report } = plan(project, generated, scope)?;
    if mode == Mode::DryRun {
        return Ok(report);
    }
    let is_force = mode == Mode::Force;
    if report.has(|state| state.is_refused(is_force)) {
        report
            .entries
            .retain(|entry| entry.state.is_refused(is_force));
        return Err(Error::Refused(report));
    }
    let staged = files.iter().map(stage).collect::<Result<Vec<_>, _>>()?;
    staged
        .into_iter()
        .try_for_each(|staged| commit(project, staged))?;
    Ok(report)
}

/// Whether the package has code that was generated from the project's folder of specs.
///
/// # Errors
///
/// When the output folder cannot be read.
pub fn has_generated_code(project: &Project, formats: &[&'static Format]) -> Result<bool, Error> {
    let package = Package::scan(project, formats)?;
    let is_ours = |path: &PathBuf| {
        let source = package.header(path).and_then(|header| header.source());
        source.is_some_and(|source| project.is_from_specs(source))
    };
    Ok(package.generated.keys().any(is_ours))
}
