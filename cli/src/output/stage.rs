//! Writes a plan: first everything to temporary files, then each into its place in one step.

use super::{file::Ownership, package::TEMPORARY, plan::Planned, report::State};
use crate::{
    error::{Environment, Error},
    project::Project,
};
use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
    time::SystemTime,
};
use tempfile::NamedTempFile;

/// A change that only waits to be made visible.
pub(super) enum Staged<'a> {
    Nothing,
    Replace(&'a Path, NamedTempFile),
    Create(&'a Path, NamedTempFile),
    Touch(&'a Path),
    Remove(&'a Path),
}

/// Prepares what is planned for a file.
///
/// # Errors
///
/// When the file system refuses.
pub(super) fn stage<'a>(planned: &'a Planned) -> Result<Staged<'a>, Error> {
    let path = planned.path.as_path();
    let write = |text: &str| {
        temporary(path, text.as_bytes()).map_err(|error| Environment::io("write", path, error))
    };
    Ok(match (planned.state, planned.wanted) {
        (State::Touched, _) => Staged::Touch(path),
        (state, _) if !state.is_drift() => Staged::Nothing,
        (_, None) => Staged::Remove(path),
        (_, Some(Ownership::Generated(text))) => Staged::Replace(path, write(text)?),
        (_, Some(Ownership::Handwritten(skeleton))) => Staged::Create(path, write(&skeleton.code)?),
    })
}

/// Makes a change visible.
///
/// # Errors
///
/// When the file system refuses.
pub(super) fn commit(project: &Project, staged: Staged) -> Result<(), Error> {
    let (path, action, done) = match staged {
        Staged::Nothing => return Ok(()),
        Staged::Replace(path, file) => (
            path,
            "write",
            file.persist(path).map(drop).map_err(io::Error::from),
        ),
        Staged::Create(path, file) => (path, "write", create(path, file)),
        Staged::Touch(path) => (path, "write", touch(path)),
        Staged::Remove(path) => return remove(project, path),
    };
    done.map_err(|error| Environment::io(action, path, error).into())
}

/// Replaces a file in one step: a reader sees the old text or the new one, and never a part.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    temporary(path, bytes)?.persist(path)?;
    Ok(())
}

/// Creates a file, unless somebody else has just done so: then it is not ours to overwrite.
fn create(path: &Path, file: NamedTempFile) -> io::Result<()> {
    match file.persist_noclobber(path) {
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.error),
        // Otherwise it would look as if it had been moved here later.
        Ok(file) => file.set_modified(SystemTime::now()),
    }
}

fn touch(path: &Path) -> io::Result<()> {
    File::options()
        .append(true)
        .open(path)?
        .set_modified(SystemTime::now())
}

fn temporary(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    // A temporary file is its owner's alone; who may read a source file is up to the umask.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    Ok(file)
}

/// Removes a file, and the folders that it leaves empty, up to the output folder.
pub(super) fn remove(project: &Project, path: &Path) -> Result<(), Error> {
    removed(project, path).map_err(|error| Environment::io("remove", path, error).into())
}

fn removed(project: &Project, path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let is_above = |folder: &Path| folder != project.out() && project.out().starts_with(folder);
    let below = path
        .ancestors()
        .skip(1)
        .take_while(|folder| !is_above(folder) && *folder != project.root());
    for folder in below {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}
