//! The user's project: where its specs are, and where generated code goes.

mod crates;
mod manifest;
mod packages;
mod types;

pub use crates::Crates;
pub(crate) use crates::Dependency;
pub(crate) use packages::{Membership, membership};
pub use types::{RustType, RustTypes};

use crate::{
    error::{Environment, Error},
    paths::{normal, quoted, relative},
};
use crates::Dependencies;
use manifest::{Manifest, Settings};
use std::path::{Path, PathBuf};

/// A cargo package with specs.
#[derive(Clone, Debug)]
pub struct Project {
    manifest: PathBuf,
    root: PathBuf,
    here: PathBuf,
    specs: PathBuf,
    out: PathBuf,
    configured_out: PathBuf,
    notice: Option<String>,
    dependencies: Dependencies,
    crates: Crates,
    types: RustTypes,
    workspace: Option<PathBuf>,
    is_of_edition_2015: bool,
    is_read_only: bool,
}

/// What generated code says about the package around it.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The folder of specs, relative to the root of the project: `specs`.
    pub specs: String,
    /// The last part of the output folder, which is the name of its module: `ws`.
    pub out: String,
    /// What is printed above the header of every generated file.
    pub notice: Option<String>,
    /// What the package calls the crates that generated code uses.
    pub crates: Crates,
    /// The Rust types behind types of specs.
    pub types: RustTypes,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self {
            specs: "specs".to_owned(),
            out: "ws".to_owned(),
            notice: None,
            crates: Crates::default(),
            types: RustTypes::default(),
        }
    }
}

/// What the command line says about a project; it takes precedence over `Cargo.toml`.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The project's `Cargo.toml`, or the folder it is in; `None`: the nearest one upwards.
    pub manifest: Option<PathBuf>,
    /// The name of the package in its workspace; `None`: the package of the manifest.
    pub package: Option<String>,
    /// The folder of specs.
    pub specs: Option<PathBuf>,
    /// The folder of generated code.
    pub out: Option<PathBuf>,
    /// Nothing will be written, so symbolic links may lead anywhere.
    pub read_only: bool,
}

impl Project {
    /// Finds the project that `overrides` name, or the one around the folder `from`.
    ///
    /// # Errors
    ///
    /// When there is no `Cargo.toml`, it cannot be read, it has a setting that does not exist, or it has no package.
    pub fn find(from: &Path, overrides: &Overrides) -> Result<Self, Error> {
        let from =
            std::path::absolute(from).map_err(|error| Environment::io("find", from, error))?;
        let manifest = match &overrides.manifest {
            Some(path) if from.join(path).is_dir() => from.join(path).join("Cargo.toml"),
            Some(path) => from.join(path),
            None => packages::nearest_manifest(&from)?,
        };
        let manifest = normal(&manifest);
        let manifest = match &overrides.package {
            Some(package) => packages::named(&manifest, package)?,
            None => manifest,
        };
        let Manifest {
            settings,
            dependencies,
            workspace,
            is_of_edition_2015,
        } = self::manifest::manifest(&manifest)?;
        let Settings {
            specs,
            out,
            header,
            crates,
            types,
        } = settings;
        let root = manifest.parent().unwrap_or(Path::new("")).to_owned();
        // A flag is relative to the current folder, as in cargo, and a setting to its file.
        let folder = |flag: Option<&PathBuf>, setting: Option<PathBuf>, default: &str| match flag {
            Some(flag) => normal(&from.join(flag)),
            None => normal(&root.join(setting.unwrap_or_else(|| default.into()))),
        };
        check_separators(overrides.out.as_ref(), out.as_ref())?;
        let configured_out = folder(None, out.clone(), "src/ws");
        let project = Self {
            specs: folder(overrides.specs.as_ref(), specs, "specs"),
            out: folder(overrides.out.as_ref(), out, "src/ws"),
            root,
            manifest,
            here: normal(&from),
            configured_out,
            notice: header,
            crates: crates.crates(&dependencies)?,
            types: types.types()?,
            dependencies,
            workspace,
            is_of_edition_2015,
            is_read_only: overrides.read_only,
        };
        project.check_inside(&project.specs)?;
        project.check_inside(&project.out)?;
        Ok(project)
    }

    /// The folder of `Cargo.toml`.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What a build script depends on: print each of these paths after `cargo::rerun-if-changed=`. They are the manifests, the
    /// folder of specs and, unless the build script chose it, the folder of generated code.
    pub fn inputs(&self) -> impl Iterator<Item = &Path> {
        let workspace = self.workspace.as_ref();
        let other = workspace.filter(|workspace| **workspace != self.manifest);
        let out = Some(&self.out).filter(|out| **out == self.configured_out);
        let inputs = [Some(&self.manifest), other, Some(&self.specs), out];
        inputs.into_iter().flatten().map(PathBuf::as_path)
    }

    /// Whether the package has the edition that holds where none is written.
    pub(crate) fn is_of_edition_2015(&self) -> bool {
        self.is_of_edition_2015
    }

    /// The dependencies of the package.
    pub(crate) fn dependencies(&self) -> &Dependencies {
        &self.dependencies
    }

    /// The folder of specs.
    #[must_use]
    pub fn specs(&self) -> &Path {
        &self.specs
    }

    /// The folder of generated code.
    #[must_use]
    pub fn out(&self) -> &Path {
        &self.out
    }

    /// The folder of generated code as it is without flags.
    #[must_use]
    pub fn configured_out(&self) -> &Path {
        &self.configured_out
    }

    /// Whether the project is in a repository of git.
    #[must_use]
    pub fn is_in_git(&self) -> bool {
        let mut folders = self.root.ancestors();
        folders.any(|folder| folder.join(".git").exists())
    }

    /// A path for people: relative to the root of the project, with `/` on every system.
    #[must_use]
    pub fn shown(&self, path: &Path) -> String {
        relative(&self.root, path)
    }

    /// A path as a word of a command that is run in the current folder.
    #[must_use]
    pub fn pasted(&self, path: &Path) -> String {
        quoted(&relative(&self.here, path))
    }

    /// The folder of specs for people.
    #[must_use]
    pub fn specs_shown(&self) -> String {
        self.shown(&self.specs)
    }

    /// Whether a path that a header names as its source is below the folder of specs, whether or not it exists.
    #[must_use]
    pub fn is_from_specs(&self, source: &str) -> bool {
        normal(&self.root.join(source)).starts_with(&self.specs)
    }

    /// What generated code says about the package around it.
    #[must_use]
    pub fn surroundings(&self) -> Surroundings {
        let out = self
            .out
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        Surroundings {
            specs: self.specs_shown(),
            out: out.unwrap_or_default(),
            notice: self.notice.clone(),
            crates: self.crates.clone(),
            types: self.types.clone(),
        }
    }

    /// A path that looks as if it were in the project must be there, unless nothing is written: no symbolic link may lead out of
    /// it.
    ///
    /// # Errors
    ///
    /// When one does.
    pub fn check_inside(&self, path: &Path) -> Result<(), Error> {
        if self.is_read_only || !path.starts_with(&self.root) {
            return Ok(());
        }
        let Some(real) = path
            .ancestors()
            .find_map(|ancestor| ancestor.canonicalize().ok())
        else {
            return Ok(());
        };
        let root = self
            .root
            .canonicalize()
            .map_err(|error| Environment::io("read", &self.root, error))?;
        if real.starts_with(root) {
            return Ok(());
        }
        Err(Environment::new(
            format!(
                "`{}` is a symbolic link that leads out of the project",
                self.shown(path)
            ),
            "replace the link by the file or folder itself",
        )
        .into())
    }
}

/// A folder that was written for Windows would become one with a strange name elsewhere.
fn check_separators(flag: Option<&PathBuf>, setting: Option<&PathBuf>) -> Result<(), Error> {
    let flag = flag.filter(|_| cfg!(not(windows)));
    let has_backslash = |path: &&PathBuf| path.to_string_lossy().contains('\\');
    match flag.into_iter().chain(setting).find(has_backslash) {
        Some(path) => {
            let message = format!("`{}` has `\\` between folders", path.display());
            Err(Environment::new(message, Environment::BACKSLASHES).into())
        }
        None => Ok(()),
    }
}
