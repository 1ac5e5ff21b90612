//! The choices that a policy has.

use super::Origin;
use crate::place::At;

/// The kinds of message an endpoint takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// Text only.
    Text,
    /// Binary only.
    Binary,
    /// Both.
    TextAndBinary,
}

/// A limit that can be switched off.
#[derive(Clone, Debug)]
pub enum Switch<T> {
    /// No limit.
    Off,
    /// This limit.
    On(T),
}

/// Whose pages may connect.
#[derive(Clone, Debug)]
pub enum Origins {
    /// Those of the host that serves the socket.
    Same,
    /// Everybody's.
    Any,
    /// Those of these origins.
    Only(Vec<At<Origin>>),
}

/// What happens to a client that has missed messages of a channel, or may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missed {
    /// It is closed, with a code that tells it to reconnect.
    Close,
    /// It goes on without what it missed.
    Skip,
    /// The user's code decides.
    Handle,
}

/// What happens first when the server shuts down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notify {
    /// The close frame is sent.
    Close,
    /// The user's code runs, then the close frame is sent.
    Handle,
}
