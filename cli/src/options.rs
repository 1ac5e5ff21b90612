//! How a run generates.

/// How a run generates.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The files are included by a macro.
    pub(crate) is_included: bool,
}

impl Options {
    /// For files that are not committed: a `build.rs` writes them below `OUT_DIR`, and the crate includes them.
    ///
    /// An included file may not have inner attributes or inner docs, so these files have none. Hand-written handlers stand in
    /// `src`: a spec that has some is a module of yours, which declares them and includes the rest.
    ///
    /// ```no_run
    /// // build.rs
    /// use autumn_gen::{Mode, Options, Overrides, Project, generate_with, write};
    ///
    /// fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     let out = std::path::Path::new(&std::env::var("OUT_DIR")?).join("ws");
    ///     let overrides = Overrides { out: Some(out), ..Overrides::default() };
    ///     let project = Project::find(".".as_ref(), &overrides)?;
    ///     for input in project.inputs() {
    ///         println!("cargo::rerun-if-changed={}", input.display());
    ///     }
    ///     let generated = generate_with(&project, &Options::included())?;
    ///     write(&project, &generated, None, Mode::Force)?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// ```text
    /// // src/ws.rs
    /// mod chat; // its spec has handlers
    /// include!(concat!(env!("OUT_DIR"), "/ws/mod.rs"));
    ///
    /// // src/ws/chat.rs
    /// mod support; // a handler
    /// include!(concat!(env!("OUT_DIR"), "/ws/chat.rs"));
    /// ```
    #[must_use]
    pub fn included() -> Self {
        Self { is_included: true }
    }
}
