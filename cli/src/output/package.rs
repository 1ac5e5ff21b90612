//! What a package holds of generated code, and of code written by hand next to it.

use super::{
    disk,
    file::Format,
    header::{Header, unix},
};
use crate::{
    error::{Environment, Error},
    project::Project,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    time::Duration,
};
use walkdir::{DirEntry, WalkDir};

/// How the names of temporary files begin.
pub const TEMPORARY: &str = ".autumn-gen-";

/// A temporary file that is older does not belong to a run any more.
const ABANDONED_AFTER: Duration = Duration::from_hours(1);

/// A header begins within the first bytes of its file: at most this many are read of other people's files.
const HEAD: u64 = 8 * 1024;

/// The source files of a package.
#[derive(Debug, Default)]
pub struct Package {
    /// The texts of generated files, with the line endings of Unix.
    pub generated: BTreeMap<PathBuf, String>,
    /// Files that were not generated.
    pub handwritten: BTreeSet<PathBuf>,
    /// Temporary files that killed runs have left.
    pub abandoned: Vec<PathBuf>,
}

impl Package {
    /// Looks at every source file that cargo would look at: not into `target`, hidden folders or other packages.
    ///
    /// # Errors
    ///
    /// When something in the output folder cannot be read. Elsewhere it is not our business.
    pub fn scan(project: &Project, formats: &[&'static Format]) -> Result<Self, Error> {
        let mut package = Self::default();
        if project.out().is_dir() {
            for entry in walk(project.out(), None) {
                let entry = entry.map_err(|error| {
                    let path = error.path().unwrap_or(project.out()).to_owned();
                    Environment::io("read", &path, error)
                })?;
                package.add_ours(&entry, formats)?;
            }
        }
        for entry in walk(project.root(), Some(project.out())).flatten() {
            package.add_others(&entry, formats);
        }
        Ok(package)
    }

    fn add_ours(&mut self, entry: &DirEntry, formats: &[&'static Format]) -> Result<(), Error> {
        if is_abandoned(entry) {
            self.abandoned.push(entry.path().to_owned());
        }
        if is_source(entry, formats)
            && let Some(text) = disk::read(entry.path())?
        {
            self.add(entry.path(), text);
        }
        Ok(())
    }

    fn add_others(&mut self, entry: &DirEntry, formats: &[&'static Format]) {
        if !is_source(entry, formats) {
            return;
        }
        let is_generated = head(entry.path()).is_some_and(|head| Header::find(&head).is_some());
        if !is_generated {
            self.handwritten.insert(entry.path().to_owned());
        } else if let Ok(Some(text)) = disk::read(entry.path()) {
            self.add(entry.path(), text);
        }
    }

    fn add(&mut self, path: &Path, text: String) {
        let text = if text.contains('\r') {
            unix(&text)
        } else {
            text
        };
        if Header::find(&text).is_some() {
            self.generated.insert(path.to_owned(), text);
        } else {
            self.handwritten.insert(path.to_owned());
        }
    }

    /// The header of a generated file.
    #[must_use]
    pub fn header(&self, path: &Path) -> Option<Header<'_>> {
        Header::find(self.generated.get(path)?)
    }
}

/// The folders and files of a package from `folder` down, but for those in `except`.
fn walk(folder: &Path, except: Option<&Path>) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(move |entry| {
            Some(entry.path()) != except && (entry.depth() == 0 || is_of_package(entry))
        })
}

/// Whether cargo would look for modules of the package at `root` in a folder.
#[must_use]
pub fn is_in_package(root: &Path, folder: &Path) -> bool {
    let mut below = folder.ancestors().take_while(|folder| *folder != root);
    folder.starts_with(root) && below.all(is_of_this_package)
}

fn is_of_package(entry: &DirEntry) -> bool {
    !entry.file_type().is_dir() || is_of_this_package(entry.path())
}

fn is_of_this_package(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let is_other = name == "target"
        || name == "node_modules"
        || name.starts_with('.')
        || folder.join("Cargo.toml").exists();
    !is_other
}

fn is_source(entry: &DirEntry, formats: &[&'static Format]) -> bool {
    let has_extension = |format: &&'static Format| {
        entry
            .path()
            .extension()
            .is_some_and(|extension| extension == format.extension)
    };
    let is_file = || entry.file_type().is_file() || entry.path().is_file();
    formats.iter().any(has_extension) && is_file()
}

/// Whether it is the temporary file of a killed run: a run that is alive finishes with its files long before.
fn is_abandoned(entry: &DirEntry) -> bool {
    let is_temporary =
        entry.file_type().is_file() && entry.file_name().to_string_lossy().starts_with(TEMPORARY);
    let modified = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
    is_temporary && modified().is_some_and(|age| age > ABANDONED_AFTER)
}

fn head(path: &Path) -> Option<String> {
    let mut head = Vec::new();
    File::open(path)
        .ok()?
        .take(HEAD)
        .read_to_end(&mut head)
        .ok()?;
    Some(unix(&String::from_utf8_lossy(&head)))
}
