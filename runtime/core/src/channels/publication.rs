//! What is published.

use super::listener::ListenerId;
use crate::Message;

/// A message on its way to the subscribers of a channel: all of them, or all but a session's.
///
/// A [`Message::Close`] ends the sessions that listen.
#[derive(Clone, Debug, PartialEq)]
pub struct Publication {
    /// The message.
    pub message: Message,
    /// A session of this process that does not get it.
    pub(super) except: Option<ListenerId>,
}

impl Publication {
    /// A message for all but the subscriptions of one listener.
    pub(super) const fn except(message: Message, listener: Option<ListenerId>) -> Self {
        Self {
            message,
            except: listener,
        }
    }

    /// Whether it ends sessions. Then it does not count as a message.
    pub(super) const fn is_close(&self) -> bool {
        matches!(self.message, Message::Close(_))
    }
}

impl From<Message> for Publication {
    fn from(message: Message) -> Self {
        Self::except(message, None)
    }
}
