//! What a crate lacks to compile generated code: the module's declaration, and dependencies.

use super::shell::Shell;
use crate::{output::file::File, project::Project};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What adds the runtime.
const RUNTIME: &str = "cargo add autumn-ws";

/// What adds the runtime with the part that reads and writes messages.
const MESSAGES: &str = "cargo add autumn-ws --features messages";

/// The crates of the usual types behind types of specs, and what adds them.
const TYPES: [(&str, &str); 2] = [
    ("chrono", "cargo add chrono --features serde"),
    ("uuid", "cargo add uuid --features serde"),
];

/// Says what to add to the crate around generated code, if it has a root at all.
pub(super) fn explain(project: &Project, files: &[File], shell: &Shell) {
    let roots = roots(project);
    let Some(root) = roots.first().filter(|_| !files.is_empty()) else {
        return;
    };
    let module = project.surroundings().out;
    if declaring(project, &roots, &module).is_none() {
        shell.note(&format!(
            "the generated code is not compiled yet: add `mod {module};` to {}",
            project.shown(root)
        ));
    }
    let commands = missing(project, files);
    if !commands.is_empty() {
        shell.note(&format!(
            "the generated code needs crates that Cargo.toml does not have: {}",
            commands.join(" && ")
        ));
    }
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

/// Says which declaration is left over when all generated code is gone.
pub(super) fn explain_removal(project: &Project, shell: &Shell) {
    let module = project.surroundings().out;
    if let Some(path) = declaring(project, &roots(project), &module) {
        shell.note(&format!(
            "{} still declares or names the module `{module}`: remove that, too",
            project.shown(&path)
        ));
    }
}

/// A file near the generated code that declares its module, or names its files in an attribute.
fn declaring(project: &Project, roots: &[PathBuf], module: &str) -> Option<PathBuf> {
    let folders = [project.out().parent(), Some(project.root())];
    let beside = folders.into_iter().flatten().flat_map(rust_files);
    let binaries = rust_files(&project.root().join("src/bin"));
    let declares = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap_or_default();
        let named = [format!("mod {module};"), format!("{module}/mod.rs")];
        named.iter().any(|named| text.contains(named.as_str()))
    };
    roots
        .iter()
        .cloned()
        .chain(beside)
        .chain(binaries)
        .find(declares)
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// The commands that add the crates which the files use and the package does not have.
fn missing(project: &Project, files: &[File]) -> Vec<&'static str> {
    let crates = project.surroundings().crates;
    let is_used = |path: &str| {
        let path = format!("{path}::");
        files
            .iter()
            .filter_map(File::generated)
            .any(|text| text.contains(&path))
    };
    let used = [
        // What another crate re-exports is no dependency.
        ("autumn-ws", "autumn_ws", &crates.autumn_ws, RUNTIME),
        ("axum", "axum", &crates.axum, "cargo add axum"),
        (
            "serde",
            "serde",
            &crates.serde,
            "cargo add serde --features derive",
        ),
        (
            "serde-json",
            "serde_json",
            &crates.serde_json,
            "cargo add serde_json",
        ),
    ];
    let missing = used.into_iter().filter(|(package, name, path, _)| {
        path == name && is_used(path) && !project.dependencies().has(package)
    });
    let mut missing: Vec<&str> = missing.map(|(.., command)| command).collect();
    for (name, command) in TYPES {
        let is_missing = !project.dependencies().has(name);
        missing.extend((is_missing && is_used(name)).then_some(command));
    }
    let has_messages = files.iter().any(|file| file.path.ends_with("messages.rs"));
    if has_messages && !project.dependencies().has_feature("autumn-ws", "messages") {
        missing.retain(|command| *command != RUNTIME);
        missing.insert(0, MESSAGES);
    }
    missing
}
