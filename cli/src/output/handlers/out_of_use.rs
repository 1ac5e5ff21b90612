//! Hand-written handlers that the specs no longer use. Code with the checks of an application must not drop out unnoticed.

use super::{
    code::Code,
    declared::declared,
    reach::reached,
    traits::Traits,
    ways::{Ways, ways},
};
use crate::{
    characters::visible,
    error::Error,
    output::{disk, file::twin, generated::Generated, package::Package, sets::Unwanted},
    project::Project,
};
use std::{
    collections::BTreeSet,
    fmt,
    path::{Path, PathBuf},
};

/// A hand-written handler that the specs no longer use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutOfUse {
    /// The file, relative to the root of the project.
    pub path: String,
    /// What can become of it.
    pub ways: Ways,
}

/// Hand-written files of a package that the specs do not ask for.
#[derive(Debug, Default)]
pub struct Unused {
    /// Handlers.
    pub handlers: Vec<(PathBuf, OutOfUse)>,
    /// Other files below the output folder that no generated module and no handler declares.
    pub others: BTreeSet<PathBuf>,
}

/// A handler on the disk.
pub(super) struct Handler {
    /// Its file.
    pub path: PathBuf,
    /// The names of the traits that it implements.
    pub traits: BTreeSet<String>,
    /// The names of its functions.
    pub functions: BTreeSet<String>,
}

impl Handler {
    fn new(path: PathBuf, code: &Code) -> Self {
        let traits = code.traits().into_iter().filter_map(|mut path| path.pop());
        let functions = code.functions().into_iter().map(str::to_owned);
        Self {
            path,
            traits: traits.collect(),
            functions: functions.collect(),
        }
    }
}

/// Finds the hand-written files that are not used by what a run generates.
///
/// # Errors
///
/// When a file cannot be read.
pub fn unused(
    project: &Project,
    package: &Package,
    unwanted: &Unwanted,
    generated: &Generated,
) -> Result<Unused, Error> {
    let wanted = generated
        .files
        .iter()
        .filter(|file| file.generated().is_some());
    let wanted: BTreeSet<PathBuf> = wanted.map(|file| project.out().join(&file.path)).collect();
    let on_disk = wanted.iter().chain(&unwanted.left_over);
    let declared: BTreeSet<PathBuf> = on_disk
        .filter_map(|path| Some(declared(path, package.generated.get(path)?)))
        .flatten()
        .collect();
    let is_ours =
        |path: &&PathBuf| declared.contains(*path) || is_ours(project, package, unwanted, path);
    let mut open: BTreeSet<&PathBuf> = package.handwritten.iter().filter(is_ours).collect();
    let reached = reached(project, generated, &open)?;
    open.retain(|path| !reached.contains(*path));
    if open.is_empty() {
        return Ok(Unused::default());
    }
    let traits = Traits::find(project, package, generated);
    let mut handlers = Vec::new();
    let mut others = BTreeSet::new();
    for path in open {
        let code = Code::read(&disk::read(path)?.unwrap_or_default());
        // Other files that stand in the way of generated ones are reported with these.
        let is_in_the_way = wanted.contains(path) || wanted.contains(&twin(path));
        let is_declared = declared.contains(path) && !is_in_the_way;
        if is_declared || traits.are_implemented_in(&code) {
            handlers.push(Handler::new(path.clone(), &code));
        } else if !is_in_the_way && path.starts_with(project.out()) {
            others.insert(path.clone());
        }
    }
    without_parts(&mut handlers, &mut others);
    let ways = ways(project, unwanted, generated, &handlers);
    let handlers = handlers
        .into_iter()
        .zip(ways)
        .map(|(Handler { path, .. }, ways)| {
            let shown = project.shown(&path);
            (path, OutOfUse { path: shown, ways })
        });
    Ok(Unused {
        handlers: handlers.collect(),
        others,
    })
}

/// Drops the files in the folder of a handler: what becomes of the handler becomes of them.
fn without_parts(handlers: &mut Vec<Handler>, others: &mut BTreeSet<PathBuf>) {
    let folders: Vec<PathBuf> = handlers
        .iter()
        .map(|handler| folder_of(&handler.path))
        .collect();
    let is_part = |path: &Path| {
        let mut folders = folders.iter();
        folders.any(|folder| path.starts_with(folder) && folder_of(path) != *folder)
    };
    handlers.retain(|handler| !is_part(&handler.path));
    others.retain(|path| !is_part(path));
}

/// The folder of the modules that a file declares: `desk` for `desk.rs` and for `desk/mod.rs`.
pub(super) fn folder_of(path: &Path) -> PathBuf {
    if path.ends_with("mod.rs") {
        path.parent().unwrap_or(Path::new("")).to_owned()
    } else {
        path.with_extension("")
    }
}

/// Whether a file stands where this project generates code, or where it once did. Where that is beside the root of a crate,
/// only what stands directly below a generated module counts: the rest is the crate's.
fn is_ours(project: &Project, package: &Package, unwanted: &Unwanted, path: &Path) -> bool {
    let around = |folder: &&Path| path.starts_with(folder);
    let length = |folder: &Path| folder.components().count();
    let nearest = unwanted
        .folders(project)
        .filter(around)
        .max_by_key(|folder| length(folder));
    let Some(nearest) = nearest else {
        return false;
    };
    let others = unwanted.of_others.iter().map(|set| set.out.as_path());
    if others
        .filter(around)
        .any(|other| length(other) > length(nearest))
    {
        return false;
    }
    let mut roots = ["main.rs", "lib.rs", "Cargo.toml"].iter();
    if !roots.any(|root| nearest.join(root).exists()) {
        return true;
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let parents = [folder.with_extension("rs"), folder.join("mod.rs")];
    folder != nearest
        && parents
            .iter()
            .any(|parent| package.generated.contains_key(parent))
}

impl fmt::Display for OutOfUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} is not used by any spec", visible(&self.path))?;
        self.ways
            .all()
            .try_for_each(|(what, how)| writeln!(f, "    {what:<14}{}", visible(how)))
    }
}
