//! The specs that are named on the command line.

use super::args::Ws;
use crate::{
    discover::{is_spec, module},
    error::{Environment, Error},
    output::file::{File, Ownership},
    paths::normal,
    project::{Overrides, Project},
};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// The specs and folders of specs that are named, as the modules that they become.
pub(super) struct Named(Vec<PathBuf>);

/// The project that the arguments mean: the one around the current folder or, if that does not have the first named spec, the one
/// around that spec.
pub(super) fn project(ws: &Ws, here: &Path) -> Result<Project, Error> {
    let overrides = ws.overrides();
    let around = Project::find(here, &overrides);
    let Some(spec) = ws
        .specs
        .first()
        .filter(|_| ws.project.manifest_path.is_none() && ws.project.package.is_none())
    else {
        return around;
    };
    let is_there = |project: &Project| below(project, here, spec).is_some();
    if around.as_ref().is_ok_and(is_there) {
        return around;
    }
    let mut folders = here.join(spec);
    while folders.pop() {
        if folders.join("Cargo.toml").is_file() {
            let overrides = Overrides {
                manifest: Some(folders.clone()),
                ..overrides.clone()
            };
            let other = Project::find(here, &overrides);
            if other.as_ref().is_ok_and(is_there) {
                return other;
            }
        }
    }
    around
}

impl Named {
    /// What the arguments name; `None`: nothing, so all specs are meant.
    pub(super) fn find(ws: &Ws, here: &Path, project: &Project) -> Result<Option<Self>, Error> {
        if ws.specs.is_empty() {
            return Ok(None);
        }
        let modules = ws.specs.iter().map(|spec| module_of(spec, here, project));
        modules
            .collect::<Result<_, _>>()
            .map(|modules| Some(Self(modules)))
    }

    /// The files of these modules, below the output folder.
    pub(super) fn files(&self, files: &[File]) -> BTreeSet<PathBuf> {
        let belongs = |file: &&File| {
            let module = match &file.ownership {
                Ownership::Generated(_) => file.path.with_extension(""),
                Ownership::Handwritten(_) => file.path.parent().unwrap_or(Path::new("")).to_owned(),
            };
            self.0.iter().any(|named| module.starts_with(named))
        };
        files
            .iter()
            .filter(belongs)
            .map(|file| file.path.clone())
            .collect()
    }
}

fn module_of(spec: &Path, here: &Path, project: &Project) -> Result<PathBuf, Error> {
    let path = here.join(spec);
    if let Some(below) = below(project, here, spec)
        && (path.is_dir() || (path.is_file() && is_spec(&path)))
    {
        let module: PathBuf = module(&below).iter().collect();
        return Ok(module);
    }
    let message = match path.metadata() {
        Err(error) => format!("cannot read `{}`: {error}", spec.display()),
        Ok(_) => format!("`{}` is not a spec of this project", spec.display()),
    };
    if spec.to_string_lossy().contains('\\') {
        return Err(Environment::new(message, Environment::BACKSLASHES).into());
    }
    let help = format!(
        "name `*.yaml` files or folders in `{}`, or print another spec: `autumn-gen ws --stdout - < FILE`",
        project.specs_shown()
    );
    Err(Environment::new(message, help).into())
}

/// The path of a spec below the folder of specs; a link counts where it stands, or else where it leads.
fn below(project: &Project, here: &Path, spec: &Path) -> Option<PathBuf> {
    let path = normal(&here.join(spec));
    if let Ok(below) = path.strip_prefix(project.specs()) {
        return Some(below.to_owned());
    }
    let specs = project.specs().canonicalize().ok()?;
    Some(
        path.canonicalize()
            .ok()?
            .strip_prefix(specs)
            .ok()?
            .to_owned(),
    )
}
