//! Manifests around a folder: the nearest one, that of a package in a workspace, that of the workspace of a package.

use super::manifest::read;
use crate::{
    error::{Environment, Error},
    paths::normal,
    suggest,
};
use glob::{MatchOptions, Pattern};
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

/// How a folder relates to the workspace around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// There is no workspace, or it excludes the folder.
    Alone,
    /// The patterns of the workspace's members match the folder.
    Member,
    /// They do not: cargo wants a package there to be a workspace of its own.
    Stranger,
}

/// How a folder that need not exist relates to the workspace around it.
pub fn membership(folder: &Path) -> Membership {
    let Some((root, workspace)) = around(folder.parent().unwrap_or(folder)) else {
        return Membership::Alone;
    };
    let below = folder.strip_prefix(&root).unwrap_or(folder);
    let is_listed = |list: &str, matches: fn(&str, &Path) -> bool| {
        let patterns = workspace
            .get(list)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        patterns
            .filter_map(Value::as_str)
            .any(|pattern| matches(pattern, below))
    };
    let is_excluded = |excluded: &str, below: &Path| below.starts_with(normal(Path::new(excluded)));
    if is_listed("exclude", is_excluded) {
        Membership::Alone
    } else if is_listed("members", is_match) {
        Membership::Member
    } else {
        Membership::Stranger
    }
}

/// The manifest of the workspace that a package belongs to; it may be the package's own.
pub fn workspace(package: &Path) -> Option<PathBuf> {
    let folder = package.parent()?;
    let (root, _) = around(folder)?;
    let is_own = root == folder;
    (is_own || membership(folder) != Membership::Alone).then(|| root.join("Cargo.toml"))
}

/// The nearest folder upwards with a workspace, and what its manifest says about it.
fn around(folder: &Path) -> Option<(PathBuf, Table)> {
    folder.ancestors().find_map(|folder| {
        let manifest = read(&folder.join("Cargo.toml")).ok()?;
        Some((folder.to_owned(), section(&manifest, "workspace")?))
    })
}

/// Whether a pattern such as `crates/*` matches a path, as cargo has it.
fn is_match(pattern: &str, path: &Path) -> bool {
    const OPTIONS: MatchOptions = MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: false,
    };
    let pattern = normal(Path::new(pattern));
    Pattern::new(&pattern.to_string_lossy())
        .is_ok_and(|pattern| pattern.matches_path_with(path, OPTIONS))
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
        let help = suggest::did_you_mean(name, "its packages", &names);
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

#[cfg(test)]
mod tests {
    use super::is_match;
    use std::path::Path;

    #[test]
    fn members_are_matched_as_cargo_matches_them() {
        for (pattern, path) in [
            ("crates/*", "crates/demo"),
            ("./crates/*", "crates/demo"),
            ("crates/*/", "crates/demo"),
            ("crates/app-*", "crates/app-demo"),
            ("*/a*c", "x/abc"),
            ("crates/dem?", "crates/demo"),
            ("crates/[a-d]*", "crates/demo"),
            ("crates/[!x]*", "crates/demo"),
            ("crates/**", "crates/deep/demo"),
            ("app", "app"),
        ] {
            assert!(is_match(pattern, Path::new(path)), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("crates/*", "crates/demo/inner"),
            ("crates/*", "demo"),
            ("crates/app-*", "crates/demo"),
            ("crates/[!d]*", "crates/demo"),
            ("crates/[", "crates/["),
        ] {
            assert!(!is_match(pattern, Path::new(path)), "{pattern} {path}");
        }
    }
}
