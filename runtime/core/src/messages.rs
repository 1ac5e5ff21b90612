//! Typed messages: JSON objects that say which kind they are.
//!
//! Modules that autumn-gen generates have a struct for each kind of message of a spec ([`Kind`]), with
//! its ranges ([`Check`]), and an enum of what an endpoint takes ([`Incoming`]). [`decode`] and
//! [`encode`] bring them from and to the wire, as described by [`Wire`].
//!
//! In a [`Session`] of a [`Typed`] endpoint, both happen by themselves, requests have replies, an
//! [`Answer`] is sent in parts, and a [`Handle`] sends from other tasks. A [`Channel`] carries the kinds
//! that it declares, and encodes each message once. None of it needs a generator: every item shows how it
//! is used by hand.
//!
//! What is received is decoded within bounds, whatever a client sends. Something wrong is reported with
//! its place and never with the offending value: see [`Invalid`].

mod answer;
mod channel;
mod check;
mod deserializer;
mod encode;
mod error;
mod fault;
mod form;
mod handle;
mod incoming;
mod invalid;
mod kind;
mod number;
mod one_of;
mod queue;
mod request_id;
mod session;
mod tree;
mod typed;

pub use self::{
    answer::{Answer, PartOf, ReplyTo},
    channel::{Carried, Channel, Sender},
    check::{At, Check},
    encode::{EncodeError, encode},
    error::SendError,
    fault::Fault,
    form::{As, Base64, Decimal, Form},
    handle::Handle,
    incoming::{Body, Incoming, Nothing, Raw, decode},
    invalid::Invalid,
    kind::{Kind, Tag, Wire},
    one_of::{OneOf, one_of},
    request_id::RequestId,
    session::Session,
    typed::{OnDemand, OnInvalid, RawToClient, ToClient, Typed},
};
