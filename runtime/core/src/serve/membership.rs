//! What ties a connection to its server.

use tokio::sync::watch::Receiver;

/// What makes a connection one of those that a server waits for.
pub(super) struct Membership {
    pub(super) phase: Receiver<Phase>,
    /// Dropped when it takes no more requests.
    pub(super) open: Receiver<()>,
}

/// What connections may still do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Anything.
    Open,
    /// Those that wait for their first request, or for the rest of a request's head, may have one
    /// more. The others take none.
    Closing,
    /// No connection takes another request, and a head that is not complete does not count as one.
    Closed,
}
