//! The name of a new package.

use crate::{
    error::{Environment, Error},
    paths::is_device,
};
use std::path::Path;

/// Names of what cargo writes into its target folder.
const OF_CARGO: &[&str] = &["build", "deps", "examples", "incremental"];

/// Crates that come with Rust.
const OF_RUST: &[&str] = &["alloc", "core", "proc-macro", "proc_macro", "std", "test"];

/// Crates that the new package depends on.
const OF_DEPENDENCIES: &[&str] = &["autumn-ws", "autumn_ws", "axum", "serde", "tokio"];

/// The last part of the path, if it can be the name of a package on every system.
pub(super) fn package_name(path: &Path) -> Result<String, Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let Some(why) = objection(&name) else {
        return Ok(name.into_owned());
    };
    let message = format!("`{name}` cannot be the name of a package: {why}");
    Err(Environment::new(message, help(&name)).into())
}

/// What is wrong with a name.
fn objection(name: &str) -> Option<&'static str> {
    let is_keyword = || syn::parse_str::<syn::Ident>(&name.replace('-', "_")).is_err();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        Some("it does not begin with a letter from a to z")
    } else if !name.chars().all(is_name_char) {
        Some("it has characters other than letters from a to z, digits, `-` and `_`")
    } else if OF_CARGO.contains(&name) {
        Some("cargo has a folder of that name")
    } else if OF_RUST.contains(&name) {
        Some("a crate that comes with Rust has that name")
    } else if OF_DEPENDENCIES.contains(&name) {
        Some("it will depend on a package of that name")
    } else if is_device(name) {
        Some("Windows keeps it for a device")
    } else if is_keyword() {
        Some("it is a keyword of Rust")
    } else {
        None
    }
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

/// A name that is near, if there is one.
fn help(name: &str) -> String {
    let near: String = name
        .chars()
        .map(|c| if is_name_char(c) { c } else { '-' })
        .collect();
    let near = near.trim_matches(['-', '_']);
    let candidates = [near.to_owned(), format!("my-{near}")];
    let free = candidates
        .iter()
        .find(|name| objection(name).is_none() && !name.ends_with('-'));
    match free {
        Some(free) => format!("choose another name, such as `{free}`"),
        None => "choose another name".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_cargo_or_a_system_refuses_are_refused() {
        for name in [
            "",
            "1st",
            "a b",
            "a.b",
            "-x",
            "_x",
            "über",
            "naïve",
            "build",
            "deps",
            "test",
            "core",
            "std",
            "proc-macro",
            "fn",
            "async",
            "self",
            "Self",
            "true",
            "abstract",
            "con",
            "NUL",
            "Com1",
            "lpt9",
            "tokio",
            "autumn-ws",
            "autumn_ws",
        ] {
            assert!(objection(name).is_some(), "{name}");
        }
        for name in [
            "demo", "my-app", "x_", "com", "com10", "console", "tests", "Build", "fn-2",
        ] {
            assert_eq!(objection(name), None, "{name}");
        }
    }

    #[test]
    fn the_help_is_a_name_that_is_free() {
        for (name, near) in [
            ("build", "`my-build`"),
            ("1st", "`my-1st`"),
            ("a b", "`a-b`"),
            ("_x", "`x`"),
            ("fn", "`my-fn`"),
        ] {
            assert!(help(name).contains(near), "{name}: {}", help(name));
        }
        assert_eq!(help("日本"), "choose another name");
    }
}
