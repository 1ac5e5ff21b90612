//! Why a subscription returned no message.

use std::{error::Error, fmt};

/// Why [`Subscription::recv`](crate::Subscription::recv) returned no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecvError {
    /// This many messages were dropped, because this subscriber fell too far behind. The next ones
    /// are still there.
    Lagged(u64),
    /// Here, messages of other replicas may be missing: the engine between the replicas of the
    /// application was away. How many is not known; it may be none.
    ///
    /// It comes when the engine is back, after every message that this replica got before and before
    /// every message that it gets from then on. So a subscriber that reads the present state now,
    /// and continues, has everything. Several gaps that a subscription has not seen yet become one,
    /// at the place of the last. A subscription that begins later does not get it.
    ///
    /// Channels [inside one process](crate::Channels) have no gaps.
    Gap,
    /// The end: all messages were read, and every [`Channels`](crate::Channels) and
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
