//! What ties a connection to its server.

use tokio::sync::watch::Receiver;

/// What makes a connection one of those that a server waits for.
pub(super) struct Membership {
    pub(super) phase: Receiver<Phase>,
    /// Dropped after its first request.
    pub(super) fresh: Receiver<()>,
}

/// What connections may still do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Anything.
    Open,
    /// Those that have had a request end after it, the others may have one.
    Closing,
    /// No connection takes another request.
    Closed,
}
