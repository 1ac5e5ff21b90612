//! What `Cargo.toml` says: in the table of the package, or else in that of its workspace.

use super::{
    crates::{CratePaths, Dependencies},
    packages,
    types::Chosen,
};
use crate::error::{Environment, Error};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// The name of our table.
const TABLE: &str = "autumn-gen";

/// How many letters a name may be off to be taken for a slip.
const SLIP: usize = 2;

/// The settings of a project. Folders are relative to the package.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The folder of specs.
    pub specs: Option<PathBuf>,
    /// The folder of generated code.
    pub out: Option<PathBuf>,
    /// What is printed above the header of every generated file.
    pub header: Option<String>,
    /// Paths to the crates that generated code uses, where they are not what the dependencies say.
    pub crates: CratePaths,
    /// The Rust types behind types of specs.
    pub types: Chosen,
}

/// What a manifest, and that of its workspace, say about a package.
#[derive(Debug)]
pub struct Manifest {
    /// The settings.
    pub settings: Settings,
    /// The dependencies.
    pub dependencies: Dependencies,
    /// The manifest of the workspace, if there is one.
    pub workspace: Option<PathBuf>,
    /// Whether the package has the edition that holds where none is written.
    pub is_of_edition_2015: bool,
}

/// What the manifest at `path` says about its package.
///
/// # Errors
///
/// When there is no package, the manifest cannot be read, or it has a setting that does not exist.
pub fn manifest(path: &Path) -> Result<Manifest, Error> {
    let manifest = read(path)?;
    if !manifest.contains_key("package") {
        let help = match packages::names(path).as_slice() {
            [] => "name the manifest of a package with `--manifest-path`".to_owned(),
            names => format!("name one of its packages with `-p`: {}", names.join(", ")),
        };
        let message = format!("`{}` is a workspace without a package", path.display());
        return Err(Environment::new(message, help).into());
    }
    check_places(path, &manifest)?;
    let own = table(path, &manifest, "package")?;
    let workspace = packages::workspace(path);
    let root = workspace.as_deref().map(read).transpose()?;
    let shared = match workspace.as_deref().zip(root.as_ref()) {
        Some((path, root)) => table(path, root, "workspace")?,
        None => Settings::default(),
    };
    Ok(Manifest {
        settings: Settings {
            specs: own.specs.or(shared.specs),
            out: own.out.or(shared.out),
            header: own.header.or(shared.header),
            crates: own.crates.or(shared.crates),
            types: own.types.or(shared.types),
        },
        dependencies: Dependencies::read(&manifest, root.as_ref()),
        is_of_edition_2015: is_of_edition_2015(&manifest, root.as_ref()),
        workspace,
    })
}

fn is_of_edition_2015(manifest: &Table, workspace: Option<&Table>) -> bool {
    let edition = |package: Option<&Value>| package?.get("edition").cloned();
    let own = edition(manifest.get("package"));
    let shared = || edition(workspace?.get("workspace")?.get("package"));
    let edition = own.and_then(|own| if own.is_str() { Some(own) } else { shared() });
    edition.is_none_or(|edition| edition.as_str() == Some("2015"))
}

/// A manifest as it is.
pub fn read(path: &Path) -> Result<Table, Error> {
    let text =
        std::fs::read_to_string(path).map_err(|error| Environment::io("read", path, error))?;
    text.parse().map_err(|error: toml::de::Error| {
        let message = format!("`{}` is not TOML: {}", path.display(), error.message());
        Environment::new(message, "`cargo check` shows the place").into()
    })
}

/// Our table must be where cargo leaves room for it.
fn check_places(path: &Path, manifest: &Table) -> Result<(), Error> {
    let within = |name: &str| manifest.get(name).and_then(Value::as_table);
    let places = [
        ("", Some(manifest)),
        ("metadata.", within("metadata")),
        ("package.", within("package")),
        ("workspace.", within("workspace")),
    ];
    let misplaced = places.into_iter().find_map(|(place, table)| {
        let name = table?.keys().find(|name| is_slip(name))?;
        Some(format!("{place}{name}"))
    });
    let Some(misplaced) = misplaced else {
        return Ok(());
    };
    let message = format!("`{}` has a misplaced table `[{misplaced}]`", path.display());
    let help = format!("write `[package.metadata.{TABLE}]`, or `[workspace.metadata.{TABLE}]`");
    Err(Environment::new(message, help).into())
}

/// Our table in `[package.metadata]` or `[workspace.metadata]`.
fn table(path: &Path, manifest: &Table, section: &str) -> Result<Settings, Error> {
    let section_of = |value: &Value| value.as_table().cloned();
    let metadata = manifest
        .get(section)
        .and_then(section_of)
        .and_then(|section| section.get("metadata").and_then(section_of));
    let Some(metadata) = metadata else {
        return Ok(Settings::default());
    };
    if let Some(slip) = metadata.keys().find(|key| *key != TABLE && is_slip(key)) {
        let message = format!(
            "`{}` has an unknown table `[{section}.metadata.{slip}]`",
            path.display()
        );
        return Err(Environment::new(message, format!("did you mean `{TABLE}`?")).into());
    }
    let Some(table) = metadata.get(TABLE) else {
        return Ok(Settings::default());
    };
    table.clone().try_into().map_err(|error: toml::de::Error| {
        let message = format!(
            "`[{section}.metadata.{TABLE}]` in `{}`: {}",
            path.display(),
            error.message()
        );
        Environment::new(message, "the keys are `specs`, `out`, `header`, `crates`, which has `autumn-ws`, `axum`, `serde` and `serde-json`, and `types`, which has `time` and `uuid`").into()
    })
}

/// Whether a name was probably meant to be ours.
fn is_slip(name: &str) -> bool {
    let letters = |name: &str| name.to_lowercase().replace(['-', '_', ' '], "");
    strsim::damerau_levenshtein(&letters(name), &letters(TABLE)) <= SLIP
}

#[cfg(test)]
mod tests {
    use super::is_slip;

    #[test]
    fn slips_are_told_from_the_tables_of_others() {
        for slip in [
            "autumn_gen",
            "autumngen",
            "Autumn-Gen",
            "autum-gen",
            "autumn-gne",
        ] {
            assert!(is_slip(slip), "{slip}");
        }
        for other in ["autumn", "autumn-ws", "docs", "release"] {
            assert!(!is_slip(other), "{other}");
        }
    }
}
