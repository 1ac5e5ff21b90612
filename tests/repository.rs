//! The repository keeps its own rules: what is generated in it is up to date, everywhere.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what fails here fails the test"
)]

mod support;

use std::path::PathBuf;

use support::{Project, repository};
use walkdir::{DirEntry, WalkDir};

/// The manifests of the crates with generated modules, told by their `src/ws/mod.rs`.
fn manifests() -> Vec<PathBuf> {
    let is_ours = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !(name == "target" || name == "demo" || name.starts_with('.'))
    };
    let entries = WalkDir::new(repository()).sort_by_file_name();
    let entries = entries
        .into_iter()
        .filter_entry(is_ours)
        .map(Result::unwrap);
    let modules = entries.filter(|entry| entry.path().ends_with("src/ws/mod.rs"));
    let root = |entry: DirEntry| entry.path().ancestors().nth(3).unwrap().to_owned();
    modules
        .map(|entry| root(entry).join("Cargo.toml"))
        .collect()
}

#[test]
fn committed_modules_are_what_the_specs_generate() {
    let manifests = manifests();
    assert!(manifests.len() > 4, "examples are missing: {manifests:?}");
    let nowhere = Project::new();
    for manifest in manifests {
        let manifest = manifest.display().to_string();
        let run = nowhere.run(&["ws", "--check", "--manifest-path", &manifest]);
        assert_eq!(run.code, 0, "{manifest}:\n{}", run.stderr);
    }
}
