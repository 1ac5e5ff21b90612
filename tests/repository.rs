//! The repository keeps its own rules: what is generated in it is up to date, everywhere.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what fails here fails the test"
)]

mod support;

use std::fs;

use support::{Project, repository};

/// Every crate of the repository that has specs, told by its generated `src/ws/mod.rs`.
fn generated_crates() -> Vec<String> {
    let mut crates = vec!["tests/wire".to_owned()];
    for entry in fs::read_dir(repository().join("examples")).unwrap() {
        crates.push(format!(
            "examples/{}",
            entry.unwrap().file_name().to_string_lossy()
        ));
    }
    crates.retain(|path| repository().join(path).join("Cargo.toml").exists());
    crates.sort();
    crates
}

#[test]
fn committed_modules_are_what_the_specs_generate() {
    let crates = generated_crates();
    assert!(crates.len() > 4, "examples are missing: {crates:?}");
    let nowhere = Project::new();
    for path in crates {
        let manifest = repository()
            .join(&path)
            .join("Cargo.toml")
            .display()
            .to_string();
        let run = nowhere.run(&["ws", "--check", "--manifest-path", &manifest]);
        assert_eq!(run.code, 0, "{path}:\n{}", run.stderr);
    }
}
