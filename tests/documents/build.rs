//! Writes the Rust of the documents where the tests include it: projects that blocks make up, with the code that their
//! specs generate, and snippets.

// What fails here fails the build.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

#[path = "src/markdown.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod markdown;
#[path = "build/projects.rs"]
mod projects;
#[path = "build/snippets.rs"]
mod snippets;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

fn main() {
    let out = PathBuf::from(env::var("OUT_DIR").unwrap());
    let mut modules = String::new();
    for document in markdown::documents() {
        println!("cargo::rerun-if-changed={}", document.file.display());
        let blocks = document.blocks();
        modules += &projects::write_all(&blocks, &out);
        modules += &snippets::write_all(&blocks, &out);
    }
    fs::write(out.join("shown.rs"), modules).unwrap();
}

/// The declaration of a module that is somewhere else.
fn declaration(name: &str, path: &Path) -> String {
    let path = path.to_string_lossy();
    format!("#[path = {path:?}]\nmod {name};\n")
}
