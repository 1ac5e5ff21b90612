//! What a run has found and done, as text for people.

use std::fmt;

/// What became of the files of a run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// One entry for each file, in the order of their paths.
    pub entries: Vec<Entry>,
}

/// What became of one file.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its path, for people.
    pub path: String,
    /// What became of it, or what would.
    pub state: State,
}

/// How a file on disk compares with what is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is as it should be.
    Unchanged,
    /// It is the user's and is left alone.
    Handwritten,
    /// It is not there.
    Missing,
    /// It is as an earlier run has left it.
    OutOfDate,
    /// Only its line endings differ.
    LineEndings,
    /// No spec asks for it any more.
    LeftOver,
    /// A temporary file of a run that was killed.
    Abandoned,
    /// Somebody has edited it by hand.
    Edited,
    /// Somebody has edited it by hand, and no spec asks for it any more.
    EditedLeftOver,
    /// It was not written by this tool.
    Foreign,
    /// It was not written by this tool, and nothing declares it: it is not compiled.
    Unused,
}

impl State {
    /// Whether the file must change to be as it should be.
    #[must_use]
    pub fn is_drift(self) -> bool {
        !matches!(self, Self::Unchanged | Self::Handwritten | Self::Unused)
    }

    /// Whether somebody has edited a generated file, which only `--force` throws away.
    #[must_use]
    pub fn is_edited(self) -> bool {
        matches!(self, Self::Edited | Self::EditedLeftOver)
    }

    /// Whether the file is not written, since somebody's work would be lost. `force` gives up what was edited by hand, and
    /// never what is not ours.
    #[must_use]
    pub fn is_refused(self, force: bool) -> bool {
        self == Self::Foreign || (self.is_edited() && !force)
    }

    /// Why the file must change.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Unchanged => "up to date",
            Self::Handwritten => "yours",
            Self::Missing => "missing",
            Self::OutOfDate => "out of date",
            Self::LineEndings => "line endings only",
            Self::LeftOver => "left over: no spec asks for it",
            Self::Abandoned => "left over by a run that was killed",
            Self::Edited => "edited by hand",
            Self::EditedLeftOver => "left over, and edited by hand",
            Self::Foreign => "not written by autumn-gen",
            Self::Unused => "yours, and no spec asks for it",
        }
    }

    /// What writing does to the file.
    #[must_use]
    pub fn verb(self) -> &'static str {
        match self {
            Self::Unchanged | Self::Handwritten | Self::Unused => "Unchanged",
            Self::Missing => "Created",
            Self::OutOfDate | Self::LineEndings | Self::Edited | Self::Foreign => "Updated",
            Self::LeftOver | Self::Abandoned | Self::EditedLeftOver => "Removed",
        }
    }
}

impl Report {
    /// Whether every file is as it should be.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.drift().next().is_none()
    }

    /// The files that must change.
    pub fn drift(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.state.is_drift())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for entry in self.drift() {
            writeln!(f, "{}: {}", entry.path, entry.state.reason())?;
        }
        Ok(())
    }
}
