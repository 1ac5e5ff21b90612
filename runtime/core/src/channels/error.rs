//! Why there is no message.

use std::{error::Error, fmt};

/// Why [`Subscription::recv`](crate::Subscription::recv) gave no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecvError {
    /// So many messages were dropped, because this subscriber fell too far behind. The next ones
    /// are still there.
    Lagged(u64),
    /// Here, messages that others published may be missing: the engine between the replicas of the
    /// application was away. Nobody knows how many, perhaps none.
    ///
    /// It comes once the engine is back, after every message that this replica got before that and
    /// before every one that it gets from then on, so whoever asks for the present state now, and
    /// reads on, has everything. It comes once: several gaps that a subscription has not seen yet
    /// are one, at the place of the last. A subscription that begins later does not get it.
    ///
    /// Channels [inside one process](crate::Channels) have no gaps.
    Gap,
    /// The end: everything was read, and every [`Channels`](crate::Channels) and
    /// [`Sender`](crate::Sender) that could publish is gone.
    Closed,
}

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lagged(missed) => write!(f, "missed {missed} messages"),
            Self::Gap => f.write_str("may have missed messages of other replicas"),
            Self::Closed => f.write_str("the channel has ended"),
        }
    }
}

impl Error for RecvError {}
