//! Removes generated code, without the specs that it came from: they may be gone, or wrong.

use super::{
    Mode, disk,
    file::Format,
    handlers::{Code, Traits, declared},
    package::Package,
    sets::Unwanted,
    stage,
};
use crate::{error::Error, output::generated::Generated, project::Project};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// What became of the generated code of a project, or what would. Paths are relative to the root of the project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// Files that were removed.
    pub removed: Vec<String>,
    /// Generated files that somebody has edited by hand. They stay.
    pub edited: Vec<String>,
    /// Hand-written files that are compiled as part of generated code.
    pub handlers: Vec<String>,
    /// Generated files that stay because edited or hand-written ones would not be compiled without them.
    pub needed: Vec<String>,
}

/// Removes every generated file of a project that nobody has edited, unless somebody's work would drop out of the build.
///
/// # Errors
///
/// When the file system refuses.
pub fn clean(project: &Project, formats: &[&'static Format], mode: Mode) -> Result<Cleaned, Error> {
    let package = Package::scan(project, formats)?;
    let ours = Unwanted::find(project, &package, &BTreeSet::new()).left_over;
    let is_edited = |path: &&PathBuf| {
        let is_intact = package.header(path).is_none_or(|header| header.is_intact());
        mode != Mode::Force && !is_intact
    };
    let edited: BTreeSet<&PathBuf> = ours.iter().filter(is_edited).collect();
    let modules = modules(&package, &ours);
    let handlers = handlers(project, &package, &modules)?;
    let kept = connected(
        edited.iter().copied().chain(handlers.iter().copied()),
        &modules,
    );
    let (needed, removed): (Vec<&PathBuf>, Vec<&PathBuf>) = ours
        .iter()
        .filter(|path| !edited.contains(path))
        .partition(|path| kept.contains(path.as_path()));
    let removed: Vec<&PathBuf> = removed.into_iter().chain(&package.abandoned).collect();
    if mode != Mode::DryRun {
        for path in &removed {
            stage::remove(project, path)?;
        }
    }
    let shown = |paths: Vec<&PathBuf>| paths.iter().map(|path| project.shown(path)).collect();
    Ok(Cleaned {
        removed: shown(removed),
        edited: shown(edited.into_iter().collect()),
        handlers: shown(handlers.into_iter().collect()),
        needed: shown(needed),
    })
}

/// The files that each generated module may declare.
type Modules<'a> = BTreeMap<&'a Path, BTreeSet<PathBuf>>;

fn modules<'a>(package: &'a Package, ours: &'a BTreeSet<PathBuf>) -> Modules<'a> {
    let text = |path: &'a PathBuf| Some((path.as_path(), package.generated.get(path)?));
    let modules = ours.iter().filter_map(text);
    modules
        .map(|(path, text)| (path, declared(path, text).collect()))
        .collect()
}

/// Hand-written files that generated modules declare, and those beside them that implement the trait of an endpoint.
fn handlers<'a>(
    project: &Project,
    package: &'a Package,
    modules: &Modules,
) -> Result<BTreeSet<&'a PathBuf>, Error> {
    let nothing = Generated::default();
    let traits = Traits::find(project, package, &nothing);
    let mut handlers = BTreeSet::new();
    for path in &package.handwritten {
        let is_declared = modules.values().any(|files| files.contains(path));
        let is_beside = modules.keys().any(|module| is_parent(module, path));
        let implements = || -> Result<bool, Error> {
            let text = disk::read(path)?.unwrap_or_default();
            Ok(traits.are_implemented_in(&Code::read(&text)))
        };
        if is_declared || (is_beside && implements()?) {
            handlers.insert(path);
        }
    }
    Ok(handlers)
}

/// The generated modules that are needed to compile some files: those that declare them, and in turn all modules that these
/// declare or are declared in.
fn connected<'a>(
    files: impl Iterator<Item = &'a PathBuf>,
    modules: &Modules<'a>,
) -> BTreeSet<&'a Path> {
    let mut open: Vec<&Path> = files.map(PathBuf::as_path).collect();
    let mut needed = BTreeSet::new();
    while let Some(file) = open.pop() {
        let declares = modules.get(file);
        for (module, files) in modules {
            let is_declared = declares.is_some_and(|declares| declares.contains(*module));
            let is_near = is_declared || files.contains(file) || is_parent(module, file);
            if is_near && needed.insert(*module) {
                open.push(module);
            }
        }
    }
    needed
}

/// Whether a file stands in the folder of a module, and so means it by `super`.
fn is_parent(module: &Path, file: &Path) -> bool {
    let folder = file.parent().unwrap_or(Path::new(""));
    module == folder.with_extension("rs") || module == folder.join("mod.rs") && module != file
}
