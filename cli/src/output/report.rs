//! What a run has found and done.

use super::{difference::Difference, handlers::OutOfUse};
use crate::characters::visible;
use std::fmt;

/// What became of the files of a run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// One entry for each file, in the order of their paths.
    pub entries: Vec<Entry>,
    /// Hand-written handlers that the specs no longer use, and what can become of them.
    pub out_of_use: Vec<OutOfUse>,
    /// Folders that other specs of the package generate into: the folder, and the specs.
    pub others: Vec<(String, String)>,
}

/// What became of one file.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its path, relative to the root of the project.
    pub path: String,
    /// What became of it, or what would.
    pub state: State,
    /// How its text differs from what is generated, if it is there and does.
    pub difference: Option<Difference>,
}

/// How a file on disk compares with what is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is as it should be.
    Unchanged,
    /// It is as it should be, but a handler was moved below it. It gets a new time, so that cargo compiles that handler.
    Touched,
    /// It is the user's and is left alone.
    Handwritten,
    /// It is not there.
    Missing,
    /// It is as an earlier run has left it.
    OutOfDate,
    /// Only its line endings differ.
    LineEndings,
    /// It was merged from untouched files, or has the conflicts of such a merge in it.
    Merged,
    /// No spec asks for it any more.
    LeftOver,
    /// A temporary file of a run that was killed.
    Abandoned,
    /// Somebody has edited it by hand.
    Edited,
    /// Somebody has edited it by hand, and no spec asks for it any more.
    EditedLeftOver,
    /// A newer version of this tool has generated it.
    Newer,
    /// It was not written by this tool.
    Foreign,
    /// It was not written by this tool, and stands for the same module as a generated file: rustc takes only one.
    Twin,
    /// A hand-written handler that the specs no longer use: it would not be compiled.
    OutOfUse,
    /// Other hand-written code that no generated module declares.
    Undeclared,
}

impl State {
    /// Whether the file must change to be as it should be.
    #[must_use]
    pub fn is_drift(self) -> bool {
        !matches!(
            self,
            Self::Unchanged | Self::Touched | Self::Handwritten | Self::Undeclared
        )
    }

    /// Whether somebody has edited a generated file, which only `--force` throws away.
    #[must_use]
    pub fn is_edited(self) -> bool {
        matches!(self, Self::Edited | Self::EditedLeftOver)
    }

    /// Whether nothing is written because of this file, since somebody's work would be lost. `force` gives up what was edited
    /// by hand, and nothing else.
    #[must_use]
    pub fn is_refused(self, force: bool) -> bool {
        matches!(
            self,
            Self::Foreign | Self::Twin | Self::Newer | Self::OutOfUse
        ) || (self.is_edited() && !force)
    }

    /// Why the file must change.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Unchanged => "up to date",
            Self::Touched => "up to date, and a handler was moved below it",
            Self::Handwritten => "yours",
            Self::Missing => "missing",
            Self::OutOfDate => "out of date",
            Self::LineEndings => "line endings only",
            Self::Merged => "merged",
            Self::LeftOver => "left over: no spec asks for it",
            Self::Abandoned => "left over from a run that was killed",
            Self::Edited => "edited by hand",
            Self::EditedLeftOver => "left over, and edited by hand",
            Self::Newer => "made by a newer autumn-gen",
            Self::Foreign => "not written by autumn-gen",
            Self::Twin => "not written by autumn-gen, and the same module as a generated file",
            Self::OutOfUse => "a handler that the specs no longer use",
            Self::Undeclared => "yours, and not declared by generated code",
        }
    }

    /// What writing does to the file.
    #[must_use]
    pub fn verb(self) -> &'static str {
        match self {
            Self::Unchanged | Self::Handwritten | Self::Undeclared => "Unchanged",
            Self::Touched => "Touched",
            Self::Missing => "Created",
            Self::OutOfDate | Self::LineEndings | Self::Merged | Self::Edited => "Updated",
            Self::LeftOver | Self::Abandoned | Self::EditedLeftOver => "Removed",
            Self::Newer | Self::Foreign | Self::Twin | Self::OutOfUse => "Refused",
        }
    }
}

impl Report {
    /// Whether every file is as it should be, and every handler is in use.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.drift().next().is_none()
    }

    /// The files that must change.
    pub fn drift(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.state.is_drift())
    }

    /// Whether a file is in this state.
    #[must_use]
    pub fn has(&self, is: impl Fn(State) -> bool) -> bool {
        self.entries.iter().any(|entry| is(entry.state))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for entry in self.drift() {
            writeln!(f, "{}: {}", visible(&entry.path), entry.state.reason())?;
        }
        self.out_of_use
            .iter()
            .try_for_each(|handler| write!(f, "\n{handler}"))
    }
}
