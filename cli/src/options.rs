//! How a run generates.

/// How a run generates.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The files are included by a macro.
    pub(crate) is_included: bool,
}

impl Options {
    /// For files that are not committed: a `build.rs` writes them below `OUT_DIR`, as [`build`](crate::build) does, and the
    /// crate includes them.
    ///
    /// An included file may not have inner attributes or inner docs, so these files have none. Hand-written handlers stand in
    /// `src`: a spec that has some is a module of yours, which declares them and includes the rest.
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
