//! What clients and an endpoint say to each other, as its author wrote it.

use super::{Kinds, LongAction};
use crate::{
    place::At,
    value::{Described, Form, Kind, MOST_ENTRIES, choices},
};

choices! {
    /// The word for messages that no spec describes.
    RawChoice {
        /// Whatever the other end sends.
        Raw = "raw",
    }
}

choices! {
    /// What happens to a kind of message, where one word says it.
    ActionChoice {
        /// Your code gets it.
        Handle = "handle",
        /// Nothing.
        Ignore = "ignore",
    }
}

/// What clients may send.
#[derive(Clone, Debug)]
pub enum FromClient {
    /// Anything.
    Raw,
    /// These kinds.
    Kinds(Vec<Taken>),
}

/// A kind of message that clients may send.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The kind.
    pub kind: At<String>,
    /// What happens to it; `None` where that could not be read.
    pub action: Option<Action>,
}

/// What happens to a message of a client.
#[derive(Clone, Debug)]
pub enum Action {
    /// The user's code gets it.
    Handle,
    /// Nothing.
    Ignore,
    /// The channel gets it.
    Publish {
        /// The channel.
        channel: At<String>,
        /// Whether the client itself does not hear it.
        leaves_out: bool,
    },
    /// The user's code answers it.
    Reply(Kinds),
    /// The user's code answers it in parts, beside the session.
    Stream {
        /// What the parts are.
        parts: Kinds,
        /// What ends them.
        reply: Kinds,
    },
}

/// What clients may be sent.
#[derive(Clone, Debug)]
pub enum ToClient {
    /// Anything.
    Raw,
    /// These kinds.
    Kinds(Kinds),
}

impl Action {
    const FORM: Form = Form::Either(&[ActionChoice::FORM, LongAction::FORM]);
}

impl Described for FromClient {
    const FORM: Form = Form::Either(&[
        RawChoice::FORM,
        Kind::FORM,
        Form::List {
            element: &Kind::FORM,
            distinct: true,
            least: 0,
            most: MOST_ENTRIES,
        },
        Form::Map {
            keys: &Kind::FORM,
            values: &Action::FORM,
            most: MOST_ENTRIES,
        },
    ]);
}

impl Described for ToClient {
    const FORM: Form = Form::Either(&[RawChoice::FORM, Kinds::FORM]);
}
