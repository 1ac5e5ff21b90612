//! Which generated files belong to a project: also those of an earlier `out` or `specs`.

use super::package::{Package, is_in_package};
use crate::project::Project;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// Generated files that the specs do not ask for.
#[derive(Debug, Default)]
pub struct Unwanted {
    /// Files that an earlier run has left: their spec, `specs` or `out` was changed.
    pub left_over: BTreeSet<PathBuf>,
    /// The folders that these files were generated into, besides the one of this run.
    pub roots: BTreeSet<PathBuf>,
    /// Files that other specs of the package generate into another folder.
    pub of_others: BTreeSet<Set>,
}

/// The specs and the folder of one `autumn-gen ws`: one folder of specs, one tree of modules.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Set {
    /// The folder of specs, as the headers name it.
    pub specs: String,
    /// The folder of generated code.
    pub out: PathBuf,
}

impl Unwanted {
    /// Sorts the generated files of a package, but for those that are wanted.
    #[must_use]
    pub fn find(project: &Project, package: &Package, wanted: &BTreeSet<PathBuf>) -> Self {
        let mut unwanted = Self::default();
        let mut sets: BTreeMap<Set, Vec<&PathBuf>> = BTreeMap::new();
        for path in package
            .generated
            .keys()
            .filter(|path| !wanted.contains(*path))
        {
            match set_of(package, path) {
                Some(set) => sets.entry(set).or_default().push(path),
                None if is_stray_of(project, package, path) => {
                    unwanted.left_over.insert(path.clone());
                }
                None => {}
            }
        }
        for (set, files) in sets {
            if is_of_others(project, package, &set, &files) {
                unwanted.of_others.insert(set);
            } else {
                unwanted.left_over.extend(files.into_iter().cloned());
                unwanted.roots.insert(set.out);
            }
        }
        unwanted.roots.remove(project.out());
        unwanted
    }

    /// The folders that the project generates code into, now and before.
    pub fn folders<'a>(&'a self, project: &'a Project) -> impl Iterator<Item = &'a Path> {
        self.roots
            .iter()
            .map(PathBuf::as_path)
            .chain([project.out()])
    }
}

/// The set that a file belongs to: the folders around it have a `mod.rs` that names the specs.
fn set_of(package: &Package, path: &Path) -> Option<Set> {
    let mut found: Option<Set> = None;
    for folder in path.ancestors().skip(1) {
        let Some(specs) = folder_of_specs(package, folder) else {
            continue;
        };
        match &mut found {
            Some(set) if set.specs != specs => break,
            Some(set) => folder.clone_into(&mut set.out),
            None => {
                found = Some(Set {
                    specs: specs.to_owned(),
                    out: folder.to_owned(),
                });
            }
        }
    }
    found
}

fn folder_of_specs<'a>(package: &'a Package, folder: &Path) -> Option<&'a str> {
    let source = package.header(&folder.join("mod.rs"))?.source()?;
    let specs = source.strip_suffix('/')?;
    // Earlier formats named the folder of the package by nothing at all.
    Some(if specs.is_empty() { "." } else { specs })
}

/// Whether another run keeps these files up to date: their specs are others, or this run only generates into a folder aside.
fn is_of_others(project: &Project, package: &Package, set: &Set, files: &[&PathBuf]) -> bool {
    if set.out == project.out() {
        return false;
    }
    if set.specs == project.specs_shown() {
        // By a flag, or in a build script.
        let is_aside = !is_in_package(project.root(), project.out());
        return is_aside && project.out() != project.configured_out();
    }
    let sources = files
        .iter()
        .filter_map(|path| package.header(path)?.source());
    let mut others = sources.filter(|source| !project.is_from_specs(source));
    others.any(|source| project.root().join(source).is_file())
}

/// Whether a generated file that no `mod.rs` declares is left over from this project.
fn is_stray_of(project: &Project, package: &Package, path: &Path) -> bool {
    let source = package.header(path).and_then(|header| header.source());
    let is_gone =
        |source: &str| project.is_from_specs(source) || !project.root().join(source).exists();
    path.starts_with(project.out()) || source.is_none_or(is_gone)
}
