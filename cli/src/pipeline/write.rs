//! Compares generated files with those on disk, and makes them the same. Only this stage writes.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use walkdir::WalkDir;

use crate::error::{Environment, Error};
use crate::files::{self, Content, File, Origin};
use crate::project::Project;
use crate::report::{Entry, Report, State};

/// What to do with the difference between generated files and those on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Make it vanish, and refuse where somebody's work would be lost.
    Write,
    /// Make it vanish, and throw away what was edited by hand. A file that is not ours is refused all the same.
    Force,
    /// Only tell it.
    DryRun,
}

/// Writes `files`, or tells what writing them would do.
///
/// `scope` are the generated files that this run answers for, below the output folder; `None`: all of them, and then
/// generated files that nothing asks for are removed too.
///
/// # Errors
///
/// [`Error::Refused`] with the files in question, before anything is written, when a file was not written by this tool or
/// was edited by hand;
/// [`Error::Environment`] when the file system refuses, with the name of the file.
pub fn write(
    project: &Project,
    files: &[File],
    scope: Option<&BTreeSet<PathBuf>>,
    mode: Mode,
) -> Result<Report, Error> {
    let mut plan = Vec::new();
    for file in files
        .iter()
        .filter(|file| scope.is_none_or(|scope| scope.contains(&file.path)))
    {
        plan.push((
            compare(project, file)?,
            project.out().join(&file.path),
            Some(&file.content),
        ));
    }
    if scope.is_none() {
        for (state, path) in left_over(project, files)? {
            plan.push((state, path, None));
        }
    }
    plan.sort_by(|(_, a, _), (_, b, _)| a.cmp(b));
    let entry = |(state, path, _): &(State, PathBuf, Option<&Content>)| Entry {
        path: project.shown(path),
        state: *state,
    };
    let mut report = Report {
        entries: plan.iter().map(entry).collect(),
    };
    if mode == Mode::DryRun {
        return Ok(report);
    }
    let is_refused = |state: State| {
        if mode == Mode::Force {
            state == State::Foreign
        } else {
            state.is_refused()
        }
    };
    if report.entries.iter().any(|entry| is_refused(entry.state)) {
        report.entries.retain(|entry| is_refused(entry.state));
        return Err(Error::Refused(report));
    }
    for (state, path, content) in plan.iter().filter(|(state, ..)| state.is_drift()) {
        apply(project, *state, path, *content)?;
    }
    Ok(report)
}

fn compare(project: &Project, file: &File) -> Result<State, Error> {
    let path = project.out().join(&file.path);
    project.check_inside(&path)?;
    let on_disk = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(State::Missing),
        Err(error) => return Err(Environment::io("read", &path, error).into()),
    };
    let Content::Generated(wanted) = &file.content else {
        return Ok(State::Handwritten);
    };
    if on_disk == wanted.as_bytes() {
        return Ok(State::Unchanged);
    }
    let text = String::from_utf8_lossy(&on_disk);
    Ok(match files::origin(&text) {
        _ if files::unix(&text) == *wanted => State::LineEndings,
        Origin::Foreign => State::Foreign,
        Origin::Edited => State::Edited,
        Origin::Intact => State::OutOfDate,
    })
}

/// Generated files below the output folder that are not among `files`.
fn left_over(project: &Project, files: &[File]) -> Result<Vec<(State, PathBuf)>, Error> {
    let wanted: BTreeSet<PathBuf> = files
        .iter()
        .map(|file| project.out().join(&file.path))
        .collect();
    let mut left_over = Vec::new();
    if !project.out().is_dir() {
        return Ok(left_over);
    }
    for entry in WalkDir::new(project.out()).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(project.out()).to_owned();
            Environment::io("read", &path, error)
        })?;
        let is_rust = entry.file_type().is_file()
            && entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "rs");
        if !is_rust || wanted.contains(entry.path()) {
            continue;
        }
        let bytes = match fs::read(entry.path()) {
            Ok(bytes) => bytes,
            // Another run has just removed it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(Environment::io("read", entry.path(), error).into()),
        };
        match files::origin(&String::from_utf8_lossy(&bytes)) {
            Origin::Foreign => {}
            Origin::Intact => left_over.push((State::LeftOver, entry.into_path())),
            Origin::Edited => left_over.push((State::EditedLeftOver, entry.into_path())),
        }
    }
    Ok(left_over)
}

fn apply(
    project: &Project,
    state: State,
    path: &Path,
    content: Option<&Content>,
) -> Result<(), Error> {
    let done = match content {
        None => remove(project, path),
        Some(Content::Generated(text)) => replace(path, text.as_bytes()),
        Some(Content::Handwritten(skeleton)) => create(path, skeleton.code.as_bytes()),
    };
    let action = if state.verb() == "Removed" {
        "remove"
    } else {
        "write"
    };
    done.map_err(|error| Environment::io(action, path, error).into())
}

/// Replaces a file in one step: whoever reads it sees the old text or the new one, and never a part.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    temporary(path, bytes)?.persist(path)?;
    Ok(())
}

/// Creates a file, unless somebody else has just done so: it is not ours to overwrite.
fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match temporary(path, bytes)?.persist_noclobber(path) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => Err(error.error),
        _ => Ok(()),
    }
}

fn temporary(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".autumn-gen-");
    // A temporary file is its owner's alone; a source file may be read by whom the umask lets.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    Ok(file)
}

/// Removes a file, and the folders that it leaves empty.
fn remove(project: &Project, path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let below = path
        .ancestors()
        .skip(1)
        .take_while(|folder| *folder != project.out() && folder.starts_with(project.out()));
    for folder in below {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}
