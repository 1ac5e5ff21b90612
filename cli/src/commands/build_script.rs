//! Generated code that is not committed: a build script writes it, and the crate includes it.

use crate::{
    compile::generate_with,
    error::{Environment, Error},
    options::Options,
    output::{Mode, write},
    project::{Overrides, Project},
};
use std::{env, path::Path};

/// Generates the modules of the package's specs in the folder `ws` below `OUT_DIR`, for `include!`, and prints what the build
/// depends on. For a `build.rs`:
///
/// ```no_run
/// fn main() -> Result<(), autumn_gen::Error> {
///     autumn_gen::build()
/// }
/// ```
///
/// The modules are those of [`Options::included`], which says how to include them.
///
/// # Errors
///
/// As [`generate_with`] and [`write()`], and [`Error::Environment`] outside of a build script.
pub fn build() -> Result<(), Error> {
    let out = env::var_os("OUT_DIR").ok_or_else(|| {
        Environment::new(
            "cargo has not set `OUT_DIR`",
            "call `autumn_gen::build` from a build script",
        )
    })?;
    let overrides = Overrides {
        out: Some(Path::new(&out).join("ws")),
        ..Overrides::default()
    };
    let project = Project::find(".".as_ref(), &overrides)?;
    for input in project.inputs() {
        println!("cargo::rerun-if-changed={}", input.display());
    }
    let generated = generate_with(&project, &Options::included())?;
    write(&project, &generated, None, Mode::Force)?;
    Ok(())
}
