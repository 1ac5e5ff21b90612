//! Typed messages: JSON objects that say which kind they are.
//!
//! Modules that autumn-gen generates have a struct for each kind of message of a spec ([`Kind`]), with
//! its ranges ([`Check`]), and an enum of what an endpoint takes ([`Incoming`]). [`decode`] and
//! [`encode`] bring them from and to the wire, as described by [`Wire`].
//!
//! What is received is decoded within bounds, whatever a client sends. Something wrong is reported with
//! its place and never with the offending value: see [`Invalid`].

mod channel;
mod check;
mod deserializer;
mod encode;
mod fault;
mod form;
mod incoming;
mod invalid;
mod kind;
mod number;
mod one_of;
mod request_id;
mod tree;

pub use self::{
    channel::{Carried, Channel, Sender},
    check::{At, Check},
    encode::{EncodeError, encode},
    fault::Fault,
    form::{As, Base64, Decimal, Form},
    incoming::{Body, Incoming, decode},
    invalid::Invalid,
    kind::{Kind, Tag, Wire},
    one_of::{OneOf, one_of},
    request_id::RequestId,
};
