//! The user's project: where its specs are, and where generated code goes.

use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use crate::error::{Environment, Error};

/// A cargo package with specs.
#[derive(Clone, Debug)]
pub struct Project {
    root: PathBuf,
    specs: PathBuf,
    out: PathBuf,
}

/// What generated code says about the folders it comes from and stands in.
#[derive(Clone, Debug)]
pub struct Folders {
    /// The folder of specs, as people call it: `specs`.
    pub specs: String,
    /// The last part of the output folder, which is the name of its module: `ws`.
    pub out: String,
}

impl Default for Folders {
    fn default() -> Self {
        Self {
            specs: "specs".to_owned(),
            out: "ws".to_owned(),
        }
    }
}

/// What the command line says about a project; it wins over `Cargo.toml`.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The project's `Cargo.toml`, or the folder it is in; `None`: the nearest one upwards.
    pub manifest: Option<PathBuf>,
    /// The folder of specs.
    pub specs: Option<PathBuf>,
    /// The folder of generated code.
    pub out: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    specs: Option<PathBuf>,
    out: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Manifest {
    package: Option<Package>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Package {
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Metadata {
    autumn_gen: Settings,
}

impl Project {
    /// Finds the project that `overrides` name, or the one around the folder `from`.
    ///
    /// # Errors
    ///
    /// When there is no `Cargo.toml`, it cannot be read, or it belongs to no package.
    pub fn find(from: &Path, overrides: &Overrides) -> Result<Self, Error> {
        let manifest = match &overrides.manifest {
            Some(path) if path.is_dir() => path.join("Cargo.toml"),
            Some(path) => path.clone(),
            None => nearest_manifest(from)?,
        };
        let manifest = std::path::absolute(from.join(&manifest))
            .map_err(|error| Environment::io("read", &manifest, error))?;
        let text = std::fs::read_to_string(&manifest)
            .map_err(|error| Environment::io("read", &manifest, error))?;
        let settings = settings(&manifest, &text)?;
        let root = manifest.parent().unwrap_or(Path::new("")).to_owned();
        // A flag is relative to the folder one stands in, as in cargo; a setting to its file.
        let folder =
            |flag: Option<&PathBuf>, setting: Option<PathBuf>, default: &str| match (flag, setting)
            {
                (Some(flag), _) => from.join(flag),
                (None, setting) => root.join(setting.unwrap_or_else(|| default.into())),
            };
        let specs = folder(overrides.specs.as_ref(), settings.specs, "specs");
        let out = folder(overrides.out.as_ref(), settings.out, "src/ws");
        let project = Self {
            specs: normal(&specs),
            out: normal(&out),
            root: normal(&root),
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

    /// A path as people see it: from the root of the project, with `/` on every system.
    #[must_use]
    pub fn shown(&self, path: &Path) -> String {
        crate::paths::relative(&self.root, path)
    }

    /// The folder of specs as people see it.
    #[must_use]
    pub fn specs_shown(&self) -> String {
        self.shown(&self.specs)
    }

    /// What generated code says about the project's folders.
    #[must_use]
    pub fn folders(&self) -> Folders {
        let out = self
            .out
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        Folders {
            specs: self.specs_shown(),
            out: out.unwrap_or_default(),
        }
    }

    /// A path that looks as if it were in the project must be there: no symbolic link may lead out of it.
    ///
    /// # Errors
    ///
    /// When one does.
    pub fn check_inside(&self, path: &Path) -> Result<(), Error> {
        if !path.starts_with(&self.root) {
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

fn nearest_manifest(from: &Path) -> Result<PathBuf, Error> {
    let candidates = from.ancestors().map(|folder| folder.join("Cargo.toml"));
    candidates.into_iter().find(|manifest| manifest.is_file()).ok_or_else(|| {
        let message = format!("there is no `Cargo.toml` in `{}` or above", from.display());
        Environment::new(message, "go to a project, name one with `--manifest-path`, or begin one with `autumn-gen new NAME`").into()
    })
}

fn settings(path: &Path, text: &str) -> Result<Settings, Error> {
    let manifest: Manifest = toml::from_str(text).map_err(|error| {
        let message = format!(
            "`{}` is not a manifest that can be read: {}",
            path.display(),
            error.message()
        );
        Environment::new(
            message,
            "in `[package.metadata.autumn-gen]`, the keys are `specs` and `out`",
        )
    })?;
    match manifest.package {
        Some(package) => Ok(package.metadata.autumn_gen),
        None => Err(Environment::new(
            format!("`{}` is a workspace without a package", path.display()),
            "name a package of it with `--manifest-path`",
        )
        .into()),
    }
}

/// The path without `.` and `..`, as it is written: links are not followed.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if normal.file_name().is_some() => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}
