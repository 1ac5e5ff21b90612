//! Manifests around a folder: the nearest one, that of a package in a workspace, that of the workspace of a package.

use super::manifest::read;
use crate::error::{Environment, Error};
use std::path::{Path, PathBuf};
use toml::{Table, Value};
use walkdir::{DirEntry, WalkDir};

/// The nearest manifest upwards.
pub fn nearest_manifest(from: &Path) -> Result<PathBuf, Error> {
    let mut candidates = from.ancestors().map(|folder| folder.join("Cargo.toml"));
    candidates.find(|manifest| manifest.is_file()).ok_or_else(|| {
        let message = format!("there is no `Cargo.toml` in `{}` or above", from.display());
        let help = "go to a project, name one with `--manifest-path`, or create one with `autumn-gen new NAME`";
        Environment::new(message, help).into()
    })
}

/// The manifest of the workspace that a package belongs to; it may be the package's own.
pub fn workspace(package: &Path) -> Option<PathBuf> {
    let folder = package.parent()?;
    for ancestor in folder.ancestors() {
        let path = ancestor.join("Cargo.toml");
        let Some(workspace) = read(&path)
            .ok()
            .and_then(|manifest| section(&manifest, "workspace"))
        else {
            continue;
        };
        let is_excluded = |excluded: &Value| {
            excluded
                .as_str()
                .is_some_and(|excluded| folder.starts_with(ancestor.join(excluded)))
        };
        let excluded = workspace.get("exclude").and_then(Value::as_array);
        return (!excluded.is_some_and(|excluded| excluded.iter().any(is_excluded)))
            .then_some(path);
    }
    None
}

/// The manifest of the package `name` in the workspace of the manifest at `path`.
pub fn named(path: &Path, name: &str) -> Result<PathBuf, Error> {
    let workspace = workspace(path).unwrap_or_else(|| path.to_owned());
    let packages = packages(&workspace);
    let found = packages.iter().find(|(package, _)| package == name);
    found.map(|(_, path)| path.clone()).ok_or_else(|| {
        let names: Vec<&str> = packages.iter().map(|(name, _)| name.as_str()).collect();
        let message = format!(
            "there is no package `{name}` in the workspace of `{}`",
            workspace.display()
        );
        let help = crate::suggest::did_you_mean(name, "its packages", &names);
        Environment::new(message, help.unwrap_or_else(|| "check the name".to_owned())).into()
    })
}

/// The names of the packages below the manifest of a workspace, sorted.
pub fn names(workspace: &Path) -> Vec<String> {
    packages(workspace)
        .into_iter()
        .map(|(name, _)| name)
        .collect()
}

fn packages(workspace: &Path) -> Vec<(String, PathBuf)> {
    let is_visible = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !(name == "target" || name == "node_modules" || name.starts_with('.'))
    };
    let folder = workspace.parent().unwrap_or(Path::new(""));
    let entries = WalkDir::new(folder)
        .into_iter()
        .filter_entry(is_visible)
        .flatten();
    let manifests = entries.filter(|entry| entry.file_name() == "Cargo.toml");
    let mut packages: Vec<(String, PathBuf)> = manifests
        .filter_map(|entry| {
            let package = section(&read(entry.path()).ok()?, "package")?;
            Some((package.get("name")?.as_str()?.to_owned(), entry.into_path()))
        })
        .collect();
    packages.sort();
    packages
}

fn section(manifest: &Table, name: &str) -> Option<Table> {
    manifest.get(name)?.as_table().cloned()
}
