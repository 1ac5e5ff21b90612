//! The repository keeps its own rules: what is generated in it is up to date, everywhere.

use crate::support::{Project, repository};
use std::{
    fs,
    path::{Path, PathBuf},
};
use walkdir::{DirEntry, WalkDir};

/// The manifests of the crates with generated modules, recognised by their `src/ws/mod.rs`.
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

/// `tests/faults` and `tests/proxies` run the recipes that the guides show.
#[test]
fn the_guides_show_the_recipes_that_are_tested() {
    let read = |path: &str| fs::read_to_string(repository().join(path)).unwrap();
    for (guide, recipe) in [
        ("operations.md", "axum_serve.rs"),
        ("recipes.md", "tls_axum_server.rs"),
        ("recipes.md", "tls_hyper.rs"),
    ] {
        let code = read(&format!("runtime/core/docs/{recipe}"));
        assert!(
            read(&format!("runtime/docs/{guide}")).contains(&code),
            "{recipe}"
        );
    }
}

/// A snapshot whose spec has been renamed or removed would stay forever.
#[test]
fn every_snapshot_stands_beside_its_spec() {
    for folder in ["specs", "specs/invalid"] {
        let stands_alone = |path: &Path| {
            path.extension()
                .is_some_and(|extension| extension == "snap")
                && !path.with_extension("yaml").exists()
        };
        let entries = fs::read_dir(repository().join(folder)).unwrap();
        let alone = entries.map(|entry| entry.unwrap().path());
        let alone: Vec<PathBuf> = alone.filter(|path| stands_alone(path)).collect();
        assert!(alone.is_empty(), "without a spec: {alone:?}");
    }
}
