//! What clients and an endpoint say to each other.

use super::{Message, Topic, Wire};
use crate::{
    place::{At, Place},
    value::OnInvalid,
};
use std::sync::Arc;

/// What clients of an endpoint say, and what they hear.
#[derive(Debug)]
pub struct Typed {
    /// What clients may send.
    pub from_client: FromClient,
    /// What clients may be sent, besides replies.
    pub to_client: ToClient,
    /// What happens to a client that sends something else.
    pub on_invalid: OnInvalid,
    /// How messages are written.
    pub wire: Arc<Wire>,
}

/// What clients may send.
#[derive(Debug)]
pub enum FromClient {
    /// Anything.
    Raw,
    /// These kinds.
    Kinds {
        /// The kinds.
        taken: Vec<Taken>,
        /// What happens to binary frames; `None`: there may be none.
        binary: Option<At<BinaryAction>>,
    },
}

/// What happens to binary frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryAction {
    /// The user's code gets them.
    Handle,
    /// Nothing.
    Ignore,
}

/// A kind of message that clients may send.
#[derive(Debug)]
pub struct Taken {
    /// The message.
    pub message: Arc<Message>,
    /// What happens to it.
    pub action: Action,
    /// Where the spec says so.
    pub place: Place,
}

/// What happens to a message of a client.
#[derive(Debug)]
pub enum Action {
    /// The user's code gets it.
    Handle,
    /// Nothing.
    Ignore,
    /// The channel gets it.
    Publish {
        /// The channel.
        topic: Topic,
        /// Whether the client itself does not hear it.
        leaves_out: bool,
    },
    /// The user's code answers it with one of these.
    Reply(Vec<Arc<Message>>),
    /// The user's code answers it in parts, beside the session.
    Stream {
        /// What the parts are.
        parts: Vec<Arc<Message>>,
        /// What ends them.
        replies: Vec<Arc<Message>>,
    },
}

/// What clients may be sent.
#[derive(Debug)]
pub enum ToClient {
    /// Anything.
    Raw,
    /// These kinds, what subscribed channels carry included.
    Kinds(Vec<Arc<Message>>),
}

impl Typed {
    /// The kinds that clients may send.
    #[must_use]
    pub fn taken(&self) -> &[Taken] {
        match &self.from_client {
            FromClient::Raw => &[],
            FromClient::Kinds { taken, .. } => taken,
        }
    }

    /// What happens to binary frames, where clients may send only what the spec says.
    #[must_use]
    pub fn binary(&self) -> Option<BinaryAction> {
        match &self.from_client {
            FromClient::Raw => None,
            FromClient::Kinds { binary, .. } => binary.as_ref().map(|binary| binary.value),
        }
    }

    /// Whether the user's code gets something that clients send.
    #[must_use]
    pub fn is_handled(&self) -> bool {
        let is_handled =
            |taken: &Taken| !matches!(taken.action, Action::Ignore | Action::Publish { .. });
        self.binary() == Some(BinaryAction::Handle) || self.taken().iter().any(is_handled)
    }

    /// The channels that messages of clients are published to.
    pub fn published(&self) -> impl Iterator<Item = &Topic> {
        self.taken().iter().filter_map(|taken| match &taken.action {
            Action::Publish { topic, .. } => Some(topic),
            _ => None,
        })
    }

    /// All messages that the endpoint names.
    pub fn messages(&self) -> impl Iterator<Item = &Arc<Message>> {
        let answers = self.taken().iter().flat_map(|taken| {
            let (parts, replies): (&[_], &[_]) = match &taken.action {
                Action::Reply(replies) => (&[], replies),
                Action::Stream { parts, replies } => (parts, replies),
                Action::Handle | Action::Ignore | Action::Publish { .. } => (&[], &[]),
            };
            [&taken.message].into_iter().chain(parts).chain(replies)
        });
        let sent: &[_] = match &self.to_client {
            ToClient::Raw => &[],
            ToClient::Kinds(kinds) => kinds,
        };
        answers.chain(sent)
    }
}
