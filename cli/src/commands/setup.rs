//! What a crate lacks to compile generated code: the module's declaration, and dependencies.

use super::shell::Shell;
use crate::{error::Error, output::file::File, project::Project};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};
use toml::{Table, Value};

/// The crates that generated code may use, and what adds them.
const CRATES: &[(&str, &str)] = &[
    ("autumn-ws", "cargo add autumn-ws"),
    ("axum", "cargo add axum"),
    ("serde", "cargo add serde --features derive"),
];

/// Says what to add to the crate around generated code, if it has a root at all.
pub(super) fn explain(project: &Project, files: &[File], shell: &Shell) -> Result<(), Error> {
    let roots = roots(project);
    let Some(root) = roots.first().filter(|_| !files.is_empty()) else {
        return Ok(());
    };
    let module = project.folders().out;
    if !is_declared(project, &roots, &module) {
        shell.note(&format!(
            "the generated code is not compiled yet: add `mod {module};` to {}",
            project.shown(root)
        ));
    }
    let commands = missing(&project.manifest()?, files);
    if !commands.is_empty() {
        shell.note(&format!(
            "the generated code needs crates that Cargo.toml does not have: {}",
            commands.join(" && ")
        ));
    }
    Ok(())
}

/// The file that should declare the module first, then the others that may.
fn roots(project: &Project) -> Vec<PathBuf> {
    let Some(parent) = project.out().parent() else {
        return Vec::new();
    };
    let likely = ["lib.rs", "main.rs", "mod.rs"].map(|name| parent.join(name));
    let likely = likely.into_iter().chain([parent.with_extension("rs")]);
    likely.filter(|path| path.is_file()).collect()
}

/// Whether a file near the generated code declares its module, or names its files in an attribute.
fn is_declared(project: &Project, roots: &[PathBuf], module: &str) -> bool {
    let folders = [project.out().parent(), Some(project.root())];
    let beside = folders.into_iter().flatten().flat_map(rust_files);
    let binaries = rust_files(&project.root().join("src/bin"));
    let declares = |path: PathBuf| {
        let text = fs::read_to_string(path).unwrap_or_default();
        let named = [format!("mod {module};"), format!("{module}/mod.rs")];
        named.iter().any(|named| text.contains(named.as_str()))
    };
    roots
        .iter()
        .cloned()
        .chain(beside)
        .chain(binaries)
        .any(declares)
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// The commands that add the crates which the files use and the manifest does not have.
fn missing(manifest: &Table, files: &[File]) -> Vec<&'static str> {
    let dependencies = dependencies(manifest);
    let is_used = |name: &str| {
        let path = format!("{}::", name.replace('-', "_"));
        files
            .iter()
            .filter_map(File::generated)
            .any(|text| text.contains(&path))
    };
    let missing = CRATES
        .iter()
        .filter(|(name, _)| !dependencies.contains(*name) && is_used(name));
    missing.map(|(_, command)| *command).collect()
}

/// The names of all dependencies, for every platform.
fn dependencies(manifest: &Table) -> BTreeSet<String> {
    let tables = manifest
        .get("target")
        .and_then(Value::as_table)
        .into_iter()
        .flat_map(Table::values);
    let tables = tables.filter_map(Value::as_table).chain([manifest]);
    let sections = tables.flat_map(|table| {
        ["dependencies", "dev-dependencies"]
            .into_iter()
            .filter_map(|section| table.get(section)?.as_table())
    });
    sections
        .flat_map(Table::keys)
        .map(|name| name.replace('_', "-"))
        .collect()
}
