//! A spec as its author wrote it, each value read into a type of its own and still tied to its place.
//!
//! What stands here is well formed by itself; whether it fits together is what `validate` finds out.
//! A part that could not be read is missing (`None`, or left out of its list), so that everything else
//! can still be checked in the same run.

pub use crate::value::{
    Accept, ChannelName, CloseCode, Count, Delivery, Literal, Missed, Mistake, Name, Notify,
    Origin, Origins, Reason, RoutePath, RustType, Segment, Size, Span, Switch, Use, WireName,
};

use std::time::Duration;

use crate::place::{At, Place, SourceId};

/// One spec file.
#[derive(Debug)]
pub struct Spec {
    /// The file it was read from.
    pub source: SourceId,
    /// What the generated module is about.
    pub description: Option<String>,
    /// The axum state type; `autumn_ws::AppState` where none is named.
    pub state: Option<At<RustType>>,
    /// The channels, in the spec's order.
    pub channels: Vec<Channel>,
    /// The endpoints, in the spec's order.
    pub endpoints: Vec<Endpoint>,
}

/// A named broadcast channel.
#[derive(Debug)]
pub struct Channel {
    /// What the spec calls it.
    pub key: At<Name>,
    /// What it is called at run time.
    pub name: Option<At<ChannelName>>,
    /// How many messages a subscriber may fall behind, where the spec says so.
    pub capacity: Option<At<Count>>,
}

/// A WebSocket endpoint.
#[derive(Debug)]
pub struct Endpoint {
    /// What the spec calls it.
    pub key: At<Name>,
    /// The doc of everything generated for it.
    pub description: Option<String>,
    /// Where it is mounted.
    pub path: Option<At<RoutePath>>,
    /// The types of its path params.
    pub params: Vec<Param>,
    /// The fields of its query string.
    pub query: Vec<QueryField>,
    /// What else is extracted from the request.
    pub extract: Vec<Extract>,
    /// The channels it listens to.
    pub subscribe: Vec<Subscribe>,
    /// Whether the user's code decides who may connect, even if it handles nothing else.
    pub handles_open: bool,
    /// What becomes of a client's message.
    pub on_message: OnMessage,
    /// The kinds of message it takes.
    pub accept: Accept,
    /// The subprotocols it speaks, the preferred one first.
    pub subprotocols: Vec<At<String>>,
    /// Origins, limits and shutdown: the endpoint's own, or else the spec's defaults.
    pub settings: Settings,
}

/// A path param and its type.
#[derive(Debug)]
pub struct Param {
    /// Its name in the path.
    pub name: At<WireName>,
    /// Its type.
    pub ty: Option<At<RustType>>,
}

/// A field of the query string.
#[derive(Debug)]
pub struct QueryField {
    /// Its name in the query string.
    pub name: At<WireName>,
    /// Its type.
    pub ty: Option<At<RustType>>,
    /// Its value where the client gives none.
    pub default: Option<Literal>,
}

/// An extractor and the name of what it yields.
#[derive(Debug)]
pub struct Extract {
    /// The name of the value.
    pub name: At<Name>,
    /// An axum `FromRequestParts` type.
    pub ty: Option<At<RustType>>,
}

/// A channel that an endpoint listens to.
#[derive(Debug)]
pub struct Subscribe {
    /// The spec's name of the channel.
    pub channel: At<String>,
    /// Who gets its messages.
    pub delivery: Delivery,
}

/// What becomes of a client's message.
#[derive(Debug)]
pub enum OnMessage {
    /// The user's code gets it.
    Handle,
    /// The client gets it back.
    Echo,
    /// Nothing.
    Ignore,
    /// The named channel gets it.
    Publish(At<String>),
}

/// What an endpoint can override of the spec's defaults.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Whose pages may connect.
    pub origins: Option<Origins>,
    /// `limits.message_size`
    pub message_size: Option<At<Size>>,
    /// `limits.heartbeat`
    pub heartbeat: Option<At<Switch<Span>>>,
    /// `limits.idle`
    pub idle: Option<At<Switch<Span>>>,
    /// `limits.send_timeout`
    pub send_timeout: Option<At<Span>>,
    /// `limits.connections`
    pub connections: Option<At<Switch<Count>>>,
    /// `limits.lag`
    pub lag: Option<At<Missed>>,
    /// `limits.gap`
    pub gap: Option<At<Missed>>,
    /// `shutdown.code`
    pub code: Option<At<CloseCode>>,
    /// `shutdown.reason`
    pub reason: Option<At<Reason>>,
    /// `shutdown.drain`
    pub drain: Option<At<Span>>,
    /// `shutdown.notify`
    pub notify: Option<At<Notify>>,
}

impl Settings {
    /// These settings, and `defaults` for what they leave open.
    #[must_use]
    pub fn or(self, defaults: &Self) -> Self {
        let defaults = defaults.clone();
        Self {
            origins: self.origins.or(defaults.origins),
            message_size: self.message_size.or(defaults.message_size),
            heartbeat: self.heartbeat.or(defaults.heartbeat),
            idle: self.idle.or(defaults.idle),
            send_timeout: self.send_timeout.or(defaults.send_timeout),
            connections: self.connections.or(defaults.connections),
            lag: self.lag.or(defaults.lag),
            gap: self.gap.or(defaults.gap),
            code: self.code.or(defaults.code),
            reason: self.reason.or(defaults.reason),
            drain: self.drain.or(defaults.drain),
            notify: self.notify.or(defaults.notify),
        }
    }

    /// The largest message, in bytes.
    #[must_use]
    pub fn message_size(&self) -> u32 {
        const DEFAULT: u32 = 1024 * 1024;
        self.message_size
            .as_ref()
            .map_or(DEFAULT, |size| size.value.0)
    }

    /// How often the server pings; `None`: never.
    #[must_use]
    pub fn heartbeat(&self) -> Option<Duration> {
        const DEFAULT: Duration = Duration::from_secs(30);
        switched(self.heartbeat.as_ref(), Some(DEFAULT), |span| span.0)
    }

    /// How long a client may be silent; `None`: for ever.
    #[must_use]
    pub fn idle(&self) -> Option<Duration> {
        const DEFAULT: Duration = Duration::from_mins(2);
        switched(self.idle.as_ref(), Some(DEFAULT), |span| span.0)
    }

    /// How long a client may take no bytes.
    #[must_use]
    pub fn send_timeout(&self) -> Duration {
        const DEFAULT: Duration = Duration::from_secs(10);
        self.send_timeout
            .as_ref()
            .map_or(DEFAULT, |span| span.value.0)
    }

    /// How many connections there may be; `None`: any number.
    #[must_use]
    pub fn connections(&self) -> Option<u32> {
        switched(self.connections.as_ref(), None, |count| count.0)
    }

    /// The close code on shutdown.
    #[must_use]
    pub fn shutdown_code(&self) -> u16 {
        const GOING_AWAY: u16 = 1001;
        self.code.as_ref().map_or(GOING_AWAY, |code| code.value.0)
    }

    /// The close reason on shutdown.
    #[must_use]
    pub fn shutdown_reason(&self) -> &str {
        const DEFAULT: &str = "server shutting down";
        self.reason
            .as_ref()
            .map_or(DEFAULT, |reason| &reason.value.0)
    }

    /// How long saying goodbye may take.
    #[must_use]
    pub fn drain(&self) -> Duration {
        const DEFAULT: Duration = Duration::from_secs(10);
        self.drain.as_ref().map_or(DEFAULT, |span| span.value.0)
    }

    /// What happens to a client that falls behind a channel.
    #[must_use]
    pub fn lag(&self) -> Missed {
        self.lag.as_ref().map_or(Missed::Close, |lag| lag.value)
    }

    /// What happens to a client when messages of other replicas may be missing.
    #[must_use]
    pub fn gap(&self) -> Missed {
        self.gap.as_ref().map_or(Missed::Close, |gap| gap.value)
    }

    /// Whether the user's code decides about messages that are missed.
    fn handles_missed(&self) -> bool {
        self.lag() == Missed::Handle || self.gap() == Missed::Handle
    }

    /// Whether the user's code hears of the shutdown first.
    #[must_use]
    pub fn notify(&self) -> Notify {
        self.notify
            .as_ref()
            .map_or(Notify::Close, |notify| notify.value)
    }
}

fn switched<T, U>(
    said: Option<&At<Switch<T>>>,
    default: Option<U>,
    value: impl Fn(&T) -> U,
) -> Option<U> {
    match said.map(|at| &at.value) {
        None => default,
        Some(Switch::Off) => None,
        Some(Switch::On(on)) => Some(value(on)),
    }
}

impl Endpoint {
    /// Whether the endpoint has code of the user's: it decides who may connect, or handles an event.
    #[must_use]
    pub fn has_handler(&self) -> bool {
        self.handles_open
            || matches!(self.on_message, OnMessage::Handle)
            || self
                .subscribe
                .iter()
                .any(|subscribe| subscribe.delivery == Delivery::Handle)
            || (!self.subscribe.is_empty() && self.settings.handles_missed())
            || self.settings.notify() == Notify::Handle
    }

    /// Whether messages of a channel may come: the user's code may subscribe by itself.
    #[must_use]
    pub fn listens(&self) -> bool {
        !self.subscribe.is_empty() || self.has_handler()
    }

    /// The channels that the endpoint names: those it listens to, then the one it publishes to.
    pub fn channels(&self) -> impl Iterator<Item = &At<String>> {
        let published = match &self.on_message {
            OnMessage::Publish(channel) => Some(channel),
            OnMessage::Handle | OnMessage::Echo | OnMessage::Ignore => None,
        };
        self.subscribe
            .iter()
            .map(|subscribe| &subscribe.channel)
            .chain(published)
    }

    /// Where the endpoint stands in the spec, for messages about the whole of it.
    #[must_use]
    pub fn place(&self) -> Place {
        self.key.place.of_key()
    }
}

impl Channel {
    /// How many messages a subscriber may fall behind.
    #[must_use]
    pub fn capacity(&self) -> u32 {
        const DEFAULT: u32 = 128;
        self.capacity
            .as_ref()
            .map_or(DEFAULT, |capacity| capacity.value.0)
    }
}

impl Spec {
    /// The channel that the spec calls `key`.
    #[must_use]
    pub fn channel(&self, key: &str) -> Option<&Channel> {
        self.channels
            .iter()
            .find(|channel| channel.key.value.as_str() == key)
    }
}
