//! Why a run failed.

use crate::{characters::visible_lines, diagnostic::Diagnostics, output::report::Report};
use std::{fmt, io, path::Path};

/// Why a run failed. Nothing was written, unless the system refused in the middle of replacing files.
///
/// A build script that returns it from `main` shows what the command line shows: `Debug` prints what `Display` prints.
pub enum Error {
    /// Specs are wrong.
    Specs(Diagnostics),
    /// Files, folders or permissions are in the way.
    Environment(Environment),
    /// Somebody's work would be overwritten or no longer compiled.
    Refused(Report),
    /// There is something where a new project is to be created.
    Occupied(Environment),
    /// A template of this tool prints code that is not Rust.
    Bug(String),
}

impl Error {
    /// The exit code of a process that fails with this error.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Specs(_) => 2,
            Self::Environment(_) | Self::Bug(_) => 3,
            Self::Refused(_) | Self::Occupied(_) => 4,
        }
    }

    pub(crate) fn bug(error: &dyn fmt::Display) -> Self {
        Self::Bug(error.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Specs(diagnostics) => diagnostics.fmt(f),
            Self::Environment(environment) | Self::Occupied(environment) => environment.fmt(f),
            Self::Refused(report) => write!(
                f,
                "{report}\nnothing was written: `autumn-gen ws` says what can be done"
            ),
            Self::Bug(bug) => write!(
                f,
                "generated code is not Rust, which is a bug of autumn-gen: {bug}"
            ),
        }
    }
}

/// What `main` prints of an error that it returns, below `Error: `.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl std::error::Error for Error {}

/// Something outside of the specs that is in the way.
#[derive(Debug)]
pub struct Environment {
    /// What is in the way.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Environment {
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
        }
    }

    /// A path has `\` between folders, which not every system takes.
    pub(crate) const BACKSLASHES: &str = "write `/` between folders: it works on every system";

    /// The system refused to do something with a path.
    pub(crate) fn io(action: &str, path: &Path, error: impl Into<io::Error>) -> Self {
        let error = error.into();
        let help = match error.kind() {
            io::ErrorKind::NotFound => "check the path",
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "check who may read and write there"
            }
            io::ErrorKind::StorageFull => "make room",
            _ => "see what the system says",
        };
        Self::new(
            format!("cannot {action} `{}`: {error}", path.display()),
            help,
        )
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (message, help) = (visible_lines(&self.message), visible_lines(&self.help));
        write!(f, "{message}\n  = help: {help}")
    }
}

impl From<Environment> for Error {
    fn from(environment: Environment) -> Self {
        Self::Environment(environment)
    }
}
