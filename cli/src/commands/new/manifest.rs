//! The manifest of a new project.

use crate::{
    error::{Environment, Error},
    paths::relative,
    project::{Membership, membership},
};
use askama::Template;
use std::path::Path;

#[derive(Template)]
#[template(path = "new/manifest.toml")]
struct Manifest<'a> {
    name: &'a str,
    runtime: &'a str,
    runtime_for_tests: &'a str,
    is_in_workspace: bool,
}

/// The manifest of the package `name` in the folder `path`.
pub(super) fn manifest(name: &str, path: &Path, runtime: Option<&Path>) -> Result<String, Error> {
    let version = concat!(
        env!("CARGO_PKG_VERSION_MAJOR"),
        ".",
        env!("CARGO_PKG_VERSION_MINOR")
    );
    let (runtime, runtime_for_tests) = match runtime {
        None => (
            format!("\"{version}\""),
            format!("{{ version = \"{version}\", features = [\"testing\"] }}"),
        ),
        Some(runtime) => {
            let folder = toml::Value::String(path_to_runtime(path, runtime)?);
            (
                format!("{{ path = {folder} }}"),
                format!("{{ path = {folder}, features = [\"testing\"] }}"),
            )
        }
    };
    let manifest = Manifest {
        name,
        runtime: &runtime,
        runtime_for_tests: &runtime_for_tests,
        is_in_workspace: membership(path) == Membership::Stranger,
    };
    Ok(manifest.render().map_err(|error| Error::bug(&error))? + "\n")
}

/// The path from a folder that is to be created to the runtime crate.
fn path_to_runtime(from: &Path, runtime: &Path) -> Result<String, Error> {
    let io = |error| Environment::io("find the runtime crate in", runtime, error);
    let runtime = runtime.canonicalize().map_err(io)?;
    if !runtime.join("Cargo.toml").is_file() {
        let message = format!("there is no crate in `{}`", runtime.display());
        let help = "give `--runtime-path` the folder `runtime` of a checkout of autumn-gen";
        return Err(Environment::new(message, help).into());
    }
    let existing = from
        .ancestors()
        .find_map(|folder| Some((folder.canonicalize().ok()?, from.strip_prefix(folder).ok()?)));
    Ok(match existing {
        Some((folder, rest)) => relative(&folder.join(rest), &runtime),
        None => runtime.display().to_string(),
    })
}
