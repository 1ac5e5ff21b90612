//! What becomes of a session that missed messages.

/// What a session does about messages of a channel that it has missed
/// ([`Endpoint::LAG`](crate::Endpoint::LAG)), or may have missed
/// ([`Endpoint::GAP`](crate::Endpoint::GAP)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missed {
    /// It is closed, so that the client connects again and starts afresh.
    #[default]
    Close,
    /// It continues without them, and nobody is notified.
    Skip,
    /// Its code decides: [`Session::next`](crate::Session::next) delivers
    /// [`Event::Lagged`](crate::Event::Lagged) or [`Event::Gap`](crate::Event::Gap).
    Handle,
}
