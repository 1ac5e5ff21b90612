//! What an endpoint and its clients say to each other.

use super::{incoming::Incoming, kind::Kind};
use crate::Endpoint;

/// An endpoint whose messages are typed: what its clients may send, and what happens to anything else.
/// What they may be sent are the kinds that implement [`ToClient`] for it.
pub trait Typed: Endpoint {
    /// What clients may send: an enum of messages, [`Raw`](super::Raw), or
    /// [`Nothing`](super::Nothing).
    type Incoming: Incoming;

    /// What happens to a client that sends something else.
    const ON_INVALID: OnInvalid = OnInvalid::Reply;
}

/// What happens to a client that sends a message that is not accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnInvalid {
    /// It gets an answer with the places that are wrong, `$invalid`. More than 20 such messages in a
    /// minute close the session with 1008; kinds that the endpoint does not know do not count.
    #[default]
    Reply,
    /// The session is closed with 1008, and the first place that is wrong as the reason.
    Close,
}

/// A kind of message that the clients of the endpoint `E` may be sent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not sent to clients of `{E}`",
    label = "not a message for these clients",
    note = "list the message under the endpoint's `to_client`"
)]
pub trait ToClient<E>: Kind {}

impl<E, K: ToClient<E>> ToClient<E> for &K {}

/// The messages of a channel that sessions of the endpoint `E` may join at run time.
#[diagnostic::on_unimplemented(
    message = "sessions of `{E}` do not join channels of `{Self}`",
    label = "not a channel to join",
    note = "write `on_demand` for the channel under the endpoint's `subscribe`"
)]
pub trait OnDemand<E> {}

/// An endpoint whose clients may be sent anything (`to_client: raw`).
pub trait RawToClient: Typed {}
