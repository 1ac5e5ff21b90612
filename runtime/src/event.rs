//! What a session can meet.

use crate::Message;

/// What [`Session::next`](crate::Session::next) delivers.
///
/// It is exhaustive on purpose: a loop that handles it with `match` forgets nothing.
#[derive(Clone, Debug)]
pub enum Event {
    /// The client sent a text or binary message. Pings, pongs and the closing handshake are
    /// answered before they get here.
    Message(Message),
    /// A message was published on a channel that the session subscribes to: the label given to
    /// [`Session::subscribe`](crate::Session::subscribe), and the message. What is relayed
    /// ([`Upgrade::relay`](crate::Upgrade::relay)) makes no event.
    Channel(&'static str, Message),
    /// The session fell so far behind a channel that messages were dropped for it. It goes on
    /// with the oldest message that is still kept.
    Lagged(Lagged),
    /// Here, messages that other replicas of the application published on the channel with this
    /// label may be missing ([`RecvError::Gap`](crate::RecvError::Gap)). A client that depends on
    /// them should be told, so that it asks for the present state, or be closed with
    /// [`close_code::RESTART`](crate::close_code::RESTART) (1012), so that it connects again.
    Gap(&'static str),
    /// The application shuts down: say goodbye and close. Told once, after everything that was
    /// published to the session before. [`Endpoint::DRAIN`](crate::Endpoint::DRAIN) later the
    /// session is cut.
    Shutdown,
}

/// Messages that a session missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lagged {
    /// The label of the channel.
    pub channel: &'static str,
    /// How many messages were dropped.
    pub missed: u64,
}
