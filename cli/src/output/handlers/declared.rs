//! The modules that generated code declares.

use super::out_of_use::folder_of;
use std::path::{Path, PathBuf};

/// Where rustc looks for the modules that the generated code in the file at `path` declares: each has two places.
pub fn declared<'a>(path: &Path, text: &'a str) -> impl Iterator<Item = PathBuf> + use<'a> {
    let folder = folder_of(path);
    text.lines()
        .filter_map(declared_module)
        .flat_map(move |module| {
            let module = folder.join(module);
            [module.with_extension("rs"), module.join("mod.rs")]
        })
}

/// `desk` in `mod desk;` or `pub mod desk;`.
fn declared_module(line: &str) -> Option<&str> {
    let line = line.trim();
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let name = line.strip_prefix("mod ")?.strip_suffix(';')?;
    Some(name.strip_prefix("r#").unwrap_or(name))
}
