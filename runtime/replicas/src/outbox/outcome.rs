//! Results of changes to the state.

use autumn_ws_core::upstream::Publication;
use std::fmt;

/// Whom to wake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub(super) struct Wake {
    pub(super) work: bool,
    pub(super) news: bool,
    pub(super) progress: bool,
}

impl Wake {
    pub(super) const NEWS: Self = Self {
        work: false,
        news: true,
        progress: false,
    };
    pub(super) const PROGRESS: Self = Self {
        work: false,
        news: false,
        progress: true,
    };

    pub(super) const fn work(work: bool) -> Self {
        Self {
            work,
            news: false,
            progress: false,
        }
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self {
            work: self.work | other.work,
            news: self.news | other.news,
            progress: self.progress | other.progress,
        }
    }
}

/// Where a message has gone.
#[derive(Debug, PartialEq)]
pub(super) enum Place {
    /// To the engine.
    Engine,
    /// It stays here.
    Here(Publication),
    /// It stays here: the name is too long for the engine.
    Nameless(Publication),
    /// To the messages that are about to be delivered here; if there are too many, nowhere:
    /// subscribers get a gap instead.
    Held,
    /// To local subscribers, if any, in its turn: it is too large for the engine. A notice for the
    /// others was sent instead.
    TooLarge,
}

/// One of our frames that has come back.
#[derive(Debug, PartialEq)]
pub(crate) enum Echo {
    /// A message for local subscribers.
    Message(Publication),
    /// Nothing to deliver.
    Nothing,
}

/// Why a connection has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stuck {
    Closed,
    Full,
    Silent,
    OutOfOrder,
}

impl fmt::Display for Stuck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "nobody uses it any more",
            Self::Full => "it takes messages too slowly: too many wait for it",
            Self::Silent => "it does not answer in time",
            Self::OutOfOrder => "it has lost a message, or brings them out of order",
        })
    }
}
