//! Endpoints.

use super::{Channel, FromClient, Policy, Topic, Type, Typed};
use crate::{
    place::{At, Place},
    value::{
        Accept, Delivery, Literal, Missed, Name, Notify, OwnCloseCode, Retry, RoutePath, RustType,
        Subprotocol, WireName,
    },
};
use std::time::Duration;

use std::sync::Arc;

/// A WebSocket endpoint.
#[derive(Debug)]
pub struct Endpoint {
    /// What the spec calls it.
    pub key: At<Name>,
    /// What it is for.
    pub description: Option<String>,
    /// Where it is mounted.
    pub path: Path,
    /// The fields of its query string.
    pub query: Vec<QueryField>,
    /// What else is extracted from the request.
    pub extract: Vec<Extract>,
    /// The channels it listens to.
    pub subscriptions: Vec<Subscription>,
    /// The channels that its sessions may join at run time.
    pub on_demand: Vec<Arc<Channel>>,
    /// Whether the user's code decides who may connect, even if it handles nothing else.
    pub opens: bool,
    /// What is said, where the spec says so; `None`: anything.
    pub typed: Option<Typed>,
    /// What happens to a client's message, where it may be anything.
    pub on_message: OnMessage,
    /// How often the user's code runs without a message.
    pub tick: Option<Duration>,
    /// The kinds of message it takes.
    pub accept: Accept,
    /// The subprotocols it speaks, the preferred one first.
    pub subprotocols: Vec<At<Subprotocol>>,
    /// The close codes with which the user's code ends sessions.
    pub closes: Vec<Close>,
    /// Whether a web page gets its refusal on a socket that is closed at once.
    pub closes_refused: bool,
    /// What holds for its connections.
    pub policy: Policy,
}

/// A close code of the application.
#[derive(Debug)]
pub struct Close {
    /// The code.
    pub code: At<OwnCloseCode>,
    /// What it is called.
    pub name: At<Name>,
    /// What clients do after it.
    pub retry: Retry,
    /// What it means.
    pub doc: Option<String>,
}

/// Where an endpoint is mounted.
#[derive(Debug)]
pub struct Path {
    /// The path, as axum takes it.
    pub route: At<RoutePath>,
    /// Its params, in their order.
    pub params: Vec<Param>,
}

/// A path param.
#[derive(Debug)]
pub struct Param {
    /// Its name in the path.
    pub wire: WireName,
    /// What it is called in code.
    pub name: At<Name>,
    /// Its type.
    pub ty: Type,
}

/// A field of the query string.
#[derive(Debug)]
pub struct QueryField {
    /// Its name in the query string.
    pub wire: WireName,
    /// What it is called in code.
    pub name: At<Name>,
    /// Its type.
    pub ty: Type,
    /// Its value where the client gives none.
    pub default: Option<Literal>,
}

/// An extractor of axum and the name of what it yields.
#[derive(Debug)]
pub struct Extract {
    /// The name of the value.
    pub name: At<Name>,
    /// The extractor.
    pub ty: RustType,
}

/// A channel that an endpoint listens to.
#[derive(Debug)]
pub struct Subscription {
    /// The channel.
    pub topic: Topic,
    /// Who gets its messages.
    pub delivery: Delivery,
    /// Where the spec says so.
    pub place: Place,
}

/// What happens to a client's message.
#[derive(Debug)]
pub enum OnMessage {
    /// The user's code gets it.
    Handle,
    /// The client gets it back.
    Echo,
    /// Nothing.
    Ignore,
    /// The channel gets it.
    Publish {
        /// The channel.
        topic: Topic,
        /// Whether the client itself does not hear it.
        leaves_out: bool,
    },
}

impl QueryField {
    /// Its value where the client gives none, if only serde can read that.
    #[must_use]
    pub fn written_default(&self) -> Option<&str> {
        match &self.default {
            Some(Literal::Written(text)) => Some(text),
            _ => None,
        }
    }
}

impl Endpoint {
    /// Whether the endpoint has hand-written code, which decides who may connect or handles an event.
    #[must_use]
    pub fn has_handler(&self) -> bool {
        self.opens
            || self.tick.is_some()
            || matches!(self.on_message, OnMessage::Handle)
            || self.typed.as_ref().is_some_and(Typed::is_handled)
            || self.handled().next().is_some()
            || (!self.subscriptions.is_empty() && self.handles_missed())
            || self.policy.shutdown.notify == Notify::Handle
    }

    /// Whether clients may send anything.
    #[must_use]
    pub fn has_raw_messages(&self) -> bool {
        let typed = self.typed.as_ref();
        typed.is_none_or(|typed| matches!(typed.from_client, FromClient::Raw))
    }

    /// Whether the user's code decides about messages that are missed.
    fn handles_missed(&self) -> bool {
        let limits = &self.policy.limits;
        limits.lag == Missed::Handle || limits.gap == Missed::Handle
    }

    /// The subscriptions whose messages the user's code gets.
    pub fn handled(&self) -> impl Iterator<Item = &Subscription> {
        let is_handled = |subscription: &&Subscription| subscription.delivery == Delivery::Handle;
        self.subscriptions.iter().filter(is_handled)
    }

    /// The channel it publishes clients' messages to.
    #[must_use]
    pub fn published(&self) -> Option<&Topic> {
        match &self.on_message {
            OnMessage::Publish { topic, .. } => Some(topic),
            OnMessage::Handle | OnMessage::Echo | OnMessage::Ignore => None,
        }
    }

    /// The channels it names: those it listens to, then the one it publishes to.
    pub fn topics(&self) -> impl Iterator<Item = &Topic> {
        let subscribed = self
            .subscriptions
            .iter()
            .map(|subscription| &subscription.topic);
        let said = self.typed.iter().flat_map(Typed::published);
        subscribed.chain(self.published()).chain(said)
    }

    /// Whether a query field has a default that only serde can read.
    #[must_use]
    pub fn has_written_default(&self, name: &Name) -> bool {
        let mut query = self.query.iter();
        query.any(|field| field.name.value == *name && field.written_default().is_some())
    }

    /// Where it stands in the spec, for messages about the whole of it.
    #[must_use]
    pub fn place(&self) -> Place {
        self.key.place.of_key()
    }

    /// The Rust types that it names.
    pub fn rust_types(&self) -> impl Iterator<Item = &RustType> {
        let params = self.path.params.iter().map(|param| &param.ty);
        let values = params.chain(self.query.iter().map(|field| &field.ty));
        let named = values.filter_map(|ty| match ty {
            Type::Rust(ty) => Some(ty),
            _ => None,
        });
        named.chain(self.extract.iter().map(|extract| &extract.ty))
    }
}
