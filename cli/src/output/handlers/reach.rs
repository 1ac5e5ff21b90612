//! Which hand-written files are compiled because a handler that is in use declares them.

use super::{code::Code, out_of_use::folder_of};
use crate::{
    error::Error,
    output::{
        disk,
        file::{Ownership, places},
        generated::Generated,
    },
    paths::normal,
    project::Project,
};
use std::{
    collections::{BTreeSet, VecDeque},
    path::{Path, PathBuf},
};

/// The handlers that are in use and the files that they declare, out of `files`.
///
/// # Errors
///
/// When a file cannot be read.
pub(super) fn reached(
    project: &Project,
    generated: &Generated,
    files: &BTreeSet<&PathBuf>,
) -> Result<BTreeSet<PathBuf>, Error> {
    let wanted = generated
        .files
        .iter()
        .filter(|file| matches!(file.ownership, Ownership::Handwritten(_)));
    let wanted = wanted
        .flat_map(|file| places(&file.path))
        .map(|path| project.out().join(path));
    let mut reached: BTreeSet<PathBuf> = wanted.filter(|path| files.contains(path)).collect();
    let mut queue: VecDeque<PathBuf> = reached.iter().cloned().collect();
    while reached.len() < files.len()
        && let Some(path) = queue.pop_front()
    {
        let code = Code::read(&disk::read(&path)?.unwrap_or_default());
        let found = files.iter().filter(|file| is_declared(&path, &code, file));
        for file in found {
            if reached.insert((*file).clone()) {
                queue.push_back((*file).clone());
            }
        }
    }
    Ok(reached)
}

/// Whether the file at `path` declares the module in `file`, or includes it.
fn is_declared(path: &Path, code: &Code, file: &Path) -> bool {
    let folder = path.parent().unwrap_or(Path::new(""));
    let module = folder_of(file);
    let is_named = module
        .file_name()
        .is_some_and(|name| code.modules().contains(name.to_string_lossy().as_ref()));
    (is_named && file.starts_with(folder_of(path)))
        || code.files().any(|name| normal(&folder.join(name)) == *file)
}
