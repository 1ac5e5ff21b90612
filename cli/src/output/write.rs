//! Compares generated files with those on disk, and makes them the same. Only this stage writes.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;
use walkdir::WalkDir;

use crate::error::{Environment, Error};
use crate::output::file::{self, File, Origin, Ownership};
use crate::output::report::{Entry, Report, State};
use crate::project::Project;
use crate::targets::format_of;

/// How the names of temporary files begin.
const TEMPORARY: &str = ".autumn-gen-";

/// A temporary file that is older belongs to no run any more.
const ABANDONED_AFTER: Duration = Duration::from_hours(1);

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

/// One file of a run: how it stands, where, and what it is to be; `None`: it is not to be.
struct Planned<'a> {
    state: State,
    path: PathBuf,
    content: Option<&'a Ownership>,
}

/// Writes `files`, or tells what writing them would do.
///
/// `scope` are the files that this run answers for, below the output folder, and those that are missing: other files
/// may declare them. `None`: all of them, and then generated files that nothing asks for are removed too, and what runs
/// that were killed have left.
///
/// # Errors
///
/// [`Error::Refused`] with the files in question, before anything is written, when a file was not written by this tool or
/// was edited by hand; [`Error::Environment`] when the file system refuses, with the name of the file. All new text is on
/// the disk before the first file changes, so a full disk or a missing permission changes nothing.
pub fn write(
    project: &Project,
    files: &[File],
    scope: Option<&BTreeSet<PathBuf>>,
    mode: Mode,
) -> Result<Report, Error> {
    let plan = plan(project, files, scope)?;
    let mut report = Report {
        entries: plan.iter().map(|planned| entry(project, planned)).collect(),
    };
    if mode == Mode::DryRun {
        return Ok(report);
    }
    let is_refused = |entry: &Entry| entry.state.is_refused(mode == Mode::Force);
    if report.entries.iter().any(is_refused) {
        report.entries.retain(is_refused);
        return Err(Error::Refused(report));
    }
    let changes = plan.iter().filter(|planned| planned.state.is_drift());
    let staged = changes.map(stage).collect::<Result<Vec<_>, _>>()?;
    staged
        .into_iter()
        .try_for_each(|staged| commit(project, staged))?;
    Ok(report)
}

fn plan<'a>(
    project: &Project,
    files: &'a [File],
    scope: Option<&BTreeSet<PathBuf>>,
) -> Result<Vec<Planned<'a>>, Error> {
    let mut plan = Vec::new();
    for file in files {
        let state = compare(project, file)?;
        if scope.is_none_or(|scope| state == State::Missing || scope.contains(&file.path)) {
            plan.push(Planned {
                state,
                path: project.out().join(&file.path),
                content: Some(&file.ownership),
            });
        }
    }
    if scope.is_none() {
        plan.extend(others(project, files)?);
    }
    plan.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(plan)
}

fn entry(project: &Project, planned: &Planned) -> Entry {
    Entry {
        path: project.shown(&planned.path),
        state: planned.state,
    }
}

fn compare(project: &Project, file: &File) -> Result<State, Error> {
    let path = project.out().join(&file.path);
    project.check_inside(&path)?;
    let wanted = match &file.ownership {
        Ownership::Generated(wanted) => wanted,
        Ownership::Handwritten(_) => {
            let is_there = |place: &PathBuf| project.out().join(place).is_file();
            if file::places(&file.path).iter().any(is_there) {
                return Ok(State::Handwritten);
            }
            // What is no file may be in the way of one: that is told before anything is written.
            return read(&path).map(|_| State::Missing);
        }
    };
    let Some(text) = read(&path)? else {
        return Ok(State::Missing);
    };
    Ok(match file.format.origin(&text) {
        _ if text == *wanted => State::Unchanged,
        _ if file::unix(&text) == *wanted => State::LineEndings,
        Origin::Foreign => State::Foreign,
        Origin::Edited => State::Edited,
        Origin::Intact => State::OutOfDate,
    })
}

/// Files below the output folder that no spec asks for: generated ones are left over, others are not compiled.
///
/// Other packages, and what other specs have generated, are none of this run's business.
fn others<'a>(project: &Project, files: &[File]) -> Result<Vec<Planned<'a>>, Error> {
    let places = files.iter().flat_map(|file| match file.ownership {
        Ownership::Generated(_) => vec![file.path.clone()],
        Ownership::Handwritten(_) => file::places(&file.path).to_vec(),
    });
    let wanted: BTreeSet<PathBuf> = places.map(|path| project.out().join(path)).collect();
    let mut others = Vec::new();
    if !project.out().is_dir() {
        return Ok(others);
    }
    let walk = WalkDir::new(project.out()).sort_by_file_name().into_iter();
    for found in walk.filter_entry(|entry| entry.depth() == 0 || is_of_package(entry)) {
        let found = found.map_err(|error| {
            let path = error.path().unwrap_or(project.out()).to_owned();
            Environment::io("read", &path, error)
        })?;
        let path = found.path();
        if is_abandoned(&found) {
            others.push(Planned {
                state: State::Abandoned,
                path: path.to_owned(),
                content: None,
            });
        }
        let is_rust = found.file_type().is_file()
            && path.extension().is_some_and(|extension| extension == "rs");
        if !is_rust || wanted.contains(path) {
            continue;
        }
        let Some(text) = read(path)? else { continue };
        let format = format_of(&text);
        let state = match format.map_or(Origin::Foreign, |format| format.origin(&text)) {
            Origin::Foreign if is_below_generated(project, path)? => State::Unused,
            Origin::Foreign => continue,
            Origin::Intact | Origin::Edited if !is_of_specs(project, &text) => continue,
            Origin::Intact => State::LeftOver,
            Origin::Edited => State::EditedLeftOver,
        };
        others.push(Planned {
            state,
            path: path.to_owned(),
            content: None,
        });
    }
    Ok(others)
}

/// Whether it is the temporary file of a run that was killed: one that runs now is done with its files long before.
fn is_abandoned(found: &walkdir::DirEntry) -> bool {
    let is_temporary =
        found.file_type().is_file() && found.file_name().to_string_lossy().starts_with(TEMPORARY);
    let modified = || found.metadata().ok()?.modified().ok()?.elapsed().ok();
    is_temporary && modified().is_some_and(|age| age > ABANDONED_AFTER)
}

/// Whether cargo would look for this package's modules here.
fn is_of_package(entry: &walkdir::DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let is_other =
        name == "target" || name.starts_with('.') || entry.path().join("Cargo.toml").exists();
    !(entry.file_type().is_dir() && is_other)
}

/// Whether generated code comes from the specs of this run, existing or gone.
fn is_of_specs(project: &Project, text: &str) -> bool {
    let specs = format!("{}/", project.specs_shown());
    format_of(text)
        .and_then(|format| format.source(text))
        .is_some_and(|source| source.starts_with(&specs))
}

/// Whether the file stands directly below a generated module: that declares it, and so a spec does, or nothing.
fn is_below_generated(project: &Project, path: &Path) -> Result<bool, Error> {
    let folder = path.parent().unwrap_or(Path::new(""));
    if folder == project.out() {
        return Ok(false);
    }
    for parent in [folder.with_extension("rs"), folder.join("mod.rs")] {
        if let Some(text) = read(&parent)?
            && format_of(&text).is_some()
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The text of a file; `None` where there is none, or no more: another run may just have removed it.
fn read(path: &Path) -> Result<Option<String>, Error> {
    let read = |path: &Path| {
        let metadata = fs::metadata(path)?;
        if !metadata.is_file() {
            // Reading a pipe would wait for ever.
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "not a regular file",
            ));
        }
        fs::read(path)
    };
    match read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if is_absent(&error) && !path.is_symlink() => Ok(None),
        Err(error) if is_absent(&error) => {
            let message = format!("`{}` is a symbolic link to nothing", path.display());
            Err(Environment::new(message, "remove it, or make what it leads to").into())
        }
        Err(error) => Err(Environment::io("read", path, error).into()),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// A change that only waits to be made visible.
enum Staged<'a> {
    Replace(&'a Path, NamedTempFile),
    Create(&'a Path, NamedTempFile),
    Remove(&'a Path),
}

fn stage<'a>(planned: &'a Planned) -> Result<Staged<'a>, Error> {
    let path = planned.path.as_path();
    let write = |text: &str| {
        temporary(path, text.as_bytes()).map_err(|error| Environment::io("write", path, error))
    };
    Ok(match planned.content {
        None => Staged::Remove(path),
        Some(Ownership::Generated(text)) => Staged::Replace(path, write(text)?),
        Some(Ownership::Handwritten(skeleton)) => Staged::Create(path, write(&skeleton.code)?),
    })
}

fn commit(project: &Project, staged: Staged) -> Result<(), Error> {
    let (path, action, done) = match staged {
        Staged::Replace(path, file) => (
            path,
            "write",
            file.persist(path).map(drop).map_err(io::Error::from),
        ),
        Staged::Create(path, file) => (path, "write", create(path, file)),
        Staged::Remove(path) => (path, "remove", remove(project, path)),
    };
    done.map_err(|error| Environment::io(action, path, error).into())
}

/// Replaces a file in one step: whoever reads it sees the old text or the new one, and never a part.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    temporary(path, bytes)?.persist(path)?;
    Ok(())
}

/// Creates a file, unless somebody else has just done so: it is not ours to overwrite.
fn create(path: &Path, file: NamedTempFile) -> io::Result<()> {
    match file.persist_noclobber(path) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => Err(error.error),
        _ => Ok(()),
    }
}

fn temporary(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
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
