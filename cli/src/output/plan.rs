//! What becomes of each file, before anything is written.

use super::{
    compare::{self, compare},
    difference::Difference,
    disk,
    file::{File, Ownership, places, twin},
    generated::Generated,
    handlers::unused,
    moved::is_moved,
    package::Package,
    report::{Entry, Report, State},
    sets::Unwanted,
};
use crate::{error::Error, project::Project};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// What a run has to do, and what it reports.
pub struct Plan<'a> {
    /// The files that the run is about, in the order of their paths.
    pub files: Vec<Planned<'a>>,
    /// The same for people.
    pub report: Report,
}

/// One file of a run: how it stands, where, and what it is to become; `None`: it is to be removed.
pub struct Planned<'a> {
    /// How it stands.
    pub state: State,
    /// Where it is.
    pub path: PathBuf,
    /// What it is to become.
    pub wanted: Option<&'a Ownership>,
    /// Its text on the disk.
    text: Option<String>,
}

/// Plans a run.
///
/// # Errors
///
/// When something on the disk cannot be read.
pub fn plan<'a>(
    project: &Project,
    generated: &'a Generated,
    scope: Option<&BTreeSet<PathBuf>>,
) -> Result<Plan<'a>, Error> {
    let package = Package::scan(project, &generated.formats)?;
    let paths = generated
        .files
        .iter()
        .map(|file| project.out().join(&file.path))
        .collect();
    let unwanted = Unwanted::find(project, &package, &paths);
    let unused = unused(project, &package, &unwanted, generated)?;
    let mut files = wanted(project, generated, scope)?;
    touch_moved(project, generated, &mut files);
    let mut others = Vec::new();
    if scope.is_none() {
        others.extend(left_over(&package, &unwanted, generated));
    }
    let twins = twins(project, &package, generated);
    others.extend(twins.into_iter().map(|path| (State::Twin, path)));
    for (path, _) in &unused.handlers {
        // It may be in the way of a generated file, too: what becomes of it is what matters.
        files.retain(|planned| planned.path != *path);
        others.retain(|(_, other)| other != path);
        others.push((State::OutOfUse, path.clone()));
    }
    others.extend(
        unused
            .others
            .into_iter()
            .map(|path| (State::Undeclared, path)),
    );
    files.extend(others.into_iter().map(|(state, path)| Planned {
        state,
        wanted: None,
        text: package.generated.get(&path).cloned(),
        path,
    }));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let sets = unwanted.of_others.iter();
    let report = Report {
        entries: files
            .iter()
            .map(|planned| entry(project, planned))
            .collect(),
        out_of_use: unused
            .handlers
            .into_iter()
            .map(|(_, handler)| handler)
            .collect(),
        others: sets
            .map(|set| (project.shown(&set.out), set.specs.clone()))
            .collect(),
    };
    Ok(Plan { files, report })
}

/// What earlier runs have left: generated files that no spec asks for, and temporary ones.
fn left_over(
    package: &Package,
    unwanted: &Unwanted,
    generated: &Generated,
) -> Vec<(State, PathBuf)> {
    let generated = unwanted.left_over.iter().map(|path| {
        let header = package.header(path);
        let state = header.map(|header| compare::left_over(&header, &generated.formats, path));
        (state.unwrap_or(State::LeftOver), path.clone())
    });
    let temporary = package
        .abandoned
        .iter()
        .map(|path| (State::Abandoned, path.clone()));
    generated.chain(temporary).collect()
}

/// The files that are wanted, as far as the run is about them. Missing ones always are: others may declare them.
fn wanted<'a>(
    project: &Project,
    generated: &'a Generated,
    scope: Option<&BTreeSet<PathBuf>>,
) -> Result<Vec<Planned<'a>>, Error> {
    let mut files = Vec::new();
    for file in &generated.files {
        let planned = planned(project, file)?;
        let is_missing = planned.state == State::Missing;
        if scope.is_none_or(|scope| is_missing || scope.contains(&file.path)) {
            files.push(planned);
        }
    }
    Ok(files)
}

/// Hand-written files that rustc would take for the same modules as generated ones.
fn twins(project: &Project, package: &Package, generated: &Generated) -> Vec<PathBuf> {
    let files = generated
        .files
        .iter()
        .filter(|file| file.generated().is_some());
    let twins = files.map(|file| twin(&project.out().join(&file.path)));
    twins
        .filter(|path| package.handwritten.contains(path))
        .collect()
}

fn planned<'a>(project: &Project, file: &'a File) -> Result<Planned<'a>, Error> {
    let path = project.out().join(&file.path);
    project.check_inside(&path)?;
    let (state, text) = match &file.ownership {
        Ownership::Handwritten(_) => (handwritten(project, &file.path)?, None),
        Ownership::Generated(wanted) => {
            let text = disk::read(&path)?;
            (compare(&path, text.as_deref(), wanted, file.format), text)
        }
    };
    Ok(Planned {
        state,
        path,
        wanted: Some(&file.ownership),
        text,
    })
}

fn handwritten(project: &Project, path: &Path) -> Result<State, Error> {
    let is_there = |place: PathBuf| project.out().join(place).is_file();
    if places(path).into_iter().any(is_there) {
        return Ok(State::Handwritten);
    }
    // Something else may be in the way of the file: that is reported before anything is written.
    disk::read(&project.out().join(path)).map(|_| State::Missing)
}

/// Finds unchanged modules that declare a handler which was moved into its place later, with the time of its last edit: cargo
/// goes by times and would not compile it.
fn touch_moved(project: &Project, generated: &Generated, files: &mut [Planned]) {
    let handlers = generated
        .files
        .iter()
        .filter(|file| matches!(file.ownership, Ownership::Handwritten(_)));
    for handler in handlers {
        let Some(folder) = handler.path.parent() else {
            continue;
        };
        let parents = [folder.with_extension("rs"), folder.join("mod.rs")]
            .map(|path| project.out().join(path));
        let is_parent = |planned: &&mut Planned| {
            planned.state == State::Unchanged && parents.contains(&planned.path)
        };
        if let Some(parent) = files.iter_mut().find(is_parent)
            && is_moved(project.out(), &handler.path, &parent.path)
        {
            parent.state = State::Touched;
        }
    }
}

fn entry(project: &Project, planned: &Planned) -> Entry {
    let is_shown = matches!(
        planned.state,
        State::OutOfDate | State::Merged | State::Edited | State::EditedLeftOver
    );
    let after = match planned.wanted {
        Some(Ownership::Generated(wanted)) => wanted,
        _ => "",
    };
    let text = planned.text.as_ref().filter(|_| is_shown);
    let difference = text.map(|text| Difference::new(text, after));
    Entry {
        path: project.shown(&planned.path),
        state: planned.state,
        difference,
    }
}
