//! The text of a spec, and the names it goes by.

/// One spec file, read.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path for people: from the root of the project, with `/` on every system.
    pub path: String,
    /// The module it becomes, from the output folder: `["admin", "audit"]`.
    pub module: Vec<String>,
    /// The text, without a byte order mark and with the line endings of Unix; `None`: it cannot be taken as text.
    pub text: Option<String>,
}
