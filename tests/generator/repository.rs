//! The repository keeps its own rules: what is generated in it is up to date, everywhere.

use crate::support::{Project, repository};
use proc_macro2::{TokenStream, TokenTree};
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

/// `tests/faults` runs the recipe that the guide shows.
#[test]
fn the_guide_shows_the_recipe_that_is_tested() {
    let read = |path: &str| fs::read_to_string(repository().join(path)).unwrap();
    let recipe = read("runtime/core/docs/axum_serve.rs");
    assert!(read("runtime/docs/operations.md").contains(&recipe));
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

/// What a part of the generator may not use, and why: the invariants of ARCHITECTURE.md.
const RULES: [(&str, &[&str]); 9] = [
    // Targets see the contract, and not how it was made.
    (
        "targets",
        &["spec", "read", "check", "discover", "commands"],
    ),
    // Templates see the intermediate representation.
    ("targets/rust/ir", &["contract", "spec"]),
    ("targets/rust/print", &["contract", "spec"]),
    ("targets/rust/layout", &["contract", "spec"]),
    // The contract is neutral: it knows neither languages nor targets.
    ("contract", &["read", "check", "targets", "output"]),
    // Values do not know what is made of them.
    ("value", &["spec", "contract", "read", "check", "targets"]),
    ("read", &["contract", "check", "targets", "output"]),
    ("check", &["read", "output", "commands"]),
    ("output", &["spec", "read", "check", "targets", "commands"]),
];

#[test]
fn the_parts_of_the_generator_use_what_they_may() {
    let source = repository().join("cli/src");
    let files = rust_files(&source);
    for (part, forbidden) in RULES {
        let belongs = |file: &&PathBuf| {
            let below = file.strip_prefix(&source).unwrap();
            below.starts_with(part) || below == Path::new(part).with_extension("rs")
        };
        let files: Vec<&PathBuf> = files.iter().filter(belongs).collect();
        assert!(!files.is_empty(), "{part} is not there any more");
        for file in files {
            let text = fs::read_to_string(file).unwrap();
            let used = used_modules(text.split("#[cfg(test)]").next().unwrap());
            let wrong: Vec<&String> = used
                .iter()
                .filter(|module| forbidden.contains(&module.as_str()))
                .collect();
            assert!(wrong.is_empty(), "{} uses {wrong:?}", file.display());
        }
    }
}

#[test]
fn only_read_knows_yaml_and_only_output_and_new_write() {
    let source = repository().join("cli/src");
    let may = |file: &Path, parts: &[&str]| {
        let below = file.strip_prefix(&source).unwrap();
        parts
            .iter()
            .any(|part| below.starts_with(part) || below == Path::new(part))
    };
    for file in rust_files(&source) {
        let text = fs::read_to_string(&file).unwrap();
        if text.contains("serde_yaml") {
            assert!(
                may(&file, &["read", "read.rs"]),
                "{} knows YAML",
                file.display()
            );
        }
        let writes = [
            "fs::write",
            "fs::remove",
            "fs::rename",
            "fs::create_dir",
            ".persist",
        ];
        if writes.iter().any(|write| text.contains(write)) {
            let parts = ["output", "output.rs", "commands/new.rs", "commands/new"];
            assert!(may(&file, &parts), "{} writes", file.display());
        }
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter();
    let paths = entries.map(|entry| entry.unwrap().into_path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// The modules of its crate that a file names: `crate::a::b` and `crate::{a, b::c}`.
fn used_modules(text: &str) -> Vec<String> {
    fn collect(tokens: TokenStream, used: &mut Vec<String>) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            if let TokenTree::Group(group) = token {
                collect(group.stream(), used);
            }
            if token.to_string() == "crate" {
                used.extend(names(tokens.get(index + 3)));
            }
        }
    }
    let mut used = Vec::new();
    collect(text.parse().unwrap(), &mut used);
    used
}

/// A name, or the names that the elements of a list begin with.
fn names(token: Option<&TokenTree>) -> Vec<String> {
    let Some(TokenTree::Group(group)) = token else {
        return token.map(ToString::to_string).into_iter().collect();
    };
    let mut names = Vec::new();
    let mut is_first = true;
    for token in group.stream() {
        if is_first {
            names.push(token.to_string());
        }
        is_first = token.to_string() == ",";
    }
    names
}
