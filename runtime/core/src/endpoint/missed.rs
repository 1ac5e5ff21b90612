//! What happens to a session that missed messages.

/// What happens to a session that has missed messages of a channel
/// ([`Endpoint::LAG`](crate::Endpoint::LAG)), or may have missed some
/// ([`Endpoint::GAP`](crate::Endpoint::GAP)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missed {
    /// It is closed, so that the client connects again and starts afresh.
    #[default]
    Close,
    /// It continues without them, silently.
    Skip,
    /// Its code decides: [`Session::next`](crate::Session::next) delivers
    /// [`Event::Lagged`](crate::Event::Lagged) or [`Event::Gap`](crate::Event::Gap).
    Handle,
}
