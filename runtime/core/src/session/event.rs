//! What happens to a session.

use super::schedule::Notice;
use crate::Message;
use std::time::Duration;

/// What [`Session::next`](crate::Session::next) delivers.
///
/// A loop has an arm for each kind that it handles, and passes all others to
/// [`Session::fallback`](crate::Session::fallback): more kinds may be added. `M` is what a client
/// sends: in typed sessions, one of the messages that the endpoint takes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event<M = Message> {
    /// The client sent a text or binary message. Pings, pongs and the closing handshake are
    /// handled before.
    Message(M),
    /// A message was published on a channel that the session subscribes to: the label given to
    /// [`Session::subscribe`](crate::Session::subscribe), and the message. A relayed channel
    /// ([`Upgrade::relay`](crate::Upgrade::relay)) makes no such event.
    Channel(&'static str, Message),
    /// The session fell so far behind a channel that messages were dropped for it. The next message
    /// is the oldest one that is still kept.
    ///
    /// Only where [`Endpoint::LAG`](crate::Endpoint::LAG) is
    /// [`Missed::Handle`](crate::Missed::Handle).
    Lagged(Lagged),
    /// Here, messages that other replicas of the application published on the channel with this
    /// label may be missing ([`RecvError::Gap`](crate::RecvError::Gap)). Send the client the present
    /// state, let it ask for that, or close with [`close_code::RESTART`](crate::close_code::RESTART)
    /// (1012), so that it connects again.
    ///
    /// Only where [`Endpoint::GAP`](crate::Endpoint::GAP) is
    /// [`Missed::Handle`](crate::Missed::Handle).
    Gap(&'static str),
    /// The endpoint's [`TICK`](crate::Endpoint::TICK) has passed.
    Tick,
    /// The session [expires](crate::Session::expires_at) in a minute, or earlier: after this time.
    Expiring(Duration),
    /// The application shuts down: say goodbye ([`Session::goodbye`](crate::Session::goodbye)). It
    /// comes once, after everything that was published to the session before.
    /// [`Endpoint::DRAIN`](crate::Endpoint::DRAIN) later, the session is cut off.
    Shutdown,
}

impl From<Notice> for Event {
    fn from(notice: Notice) -> Self {
        match notice {
            Notice::Tick => Self::Tick,
            Notice::Expiring(left) => Self::Expiring(left),
        }
    }
}

#[cfg(feature = "messages")]
impl<M> Event<M> {
    /// What the client sent, or any other event.
    pub(crate) fn into_message<N>(self) -> Result<M, Event<N>> {
        Err(match self {
            Self::Message(message) => return Ok(message),
            Self::Channel(label, message) => Event::Channel(label, message),
            Self::Lagged(lagged) => Event::Lagged(lagged),
            Self::Gap(label) => Event::Gap(label),
            Self::Tick => Event::Tick,
            Self::Expiring(left) => Event::Expiring(left),
            Self::Shutdown => Event::Shutdown,
        })
    }
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
