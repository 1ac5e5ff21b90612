//! The name of a new package.

use crate::error::{Environment, Error};
use std::path::Path;

/// Names that cargo refuses, and those of the dependencies.
const TAKEN: &[&str] = &[
    "alloc",
    "autumn-ws",
    "autumn_ws",
    "axum",
    "build",
    "core",
    "deps",
    "examples",
    "incremental",
    "proc_macro",
    "serde",
    "std",
    "test",
    "tokio",
];

/// The last part of the path, if cargo takes it for the name of a package with our dependencies.
pub(super) fn package_name(path: &Path) -> Result<String, Error> {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let is_plain =
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_letter);
    let is_keyword = syn::parse_str::<syn::Ident>(&name.replace('-', "_")).is_err();
    if is_plain && !is_keyword && !TAKEN.contains(&name.as_str()) {
        return Ok(name);
    }
    let message = format!("`{name}` cannot be the name of a package");
    let help = "use letters, digits, `-` and `_`, begin with a letter, and avoid the keywords of Rust, the names that cargo reserves, and those of the dependencies";
    Err(Environment::new(message, help).into())
}
