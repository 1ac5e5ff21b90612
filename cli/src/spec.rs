//! A spec as its author wrote it, each value read into a type of its own and still tied to its place.
//!
//! Everything here is well formed by itself; whether it fits together is what `check` finds out. A part that could not be
//! read is missing (`None`, or left out of its list), so that everything else can still be checked in the same run.

mod declared;
pub mod keys;
mod places;
mod says;
mod types;

pub use declared::{
    Channel, Endpoint, Keyed, Limits, LongAction, LongClose, LongField, LongParam, LongPlaces,
    LongQueryField, LongSubscribe, LongType, LongVariant, MessageBody, Override, Policy, Publish,
    Shutdown, Spec, TypeBody, Wire,
};
pub use places::ConnectionsPer;
pub use says::{Action, ActionChoice, FromClient, RawChoice, Taken, ToClient};
pub use types::{
    Field, Json, Kinds, Member, Message, Number, Type, TypeEntry, TypeExpr, TypeShape, Variant,
    Variants,
};

use crate::{
    place::At,
    value::{
        ChannelName, Delivery, Described, Form, Literal, MOST_ENTRIES, MOST_EXTRACTORS, Name,
        OwnCloseCode, Retry, RustType, Setting, SpecPath, Subprotocol, TypeText, WireName, choices,
    },
};

/// What is said about a path param.
#[derive(Debug)]
pub struct Param {
    /// Its name in the path.
    pub wire: At<WireName>,
    /// What it is called in code, where the author says so.
    pub name: Option<At<Name>>,
    /// Its type.
    pub ty: Option<At<RustType>>,
}

/// The type of what fills a placeholder of a channel's name.
#[derive(Debug)]
pub struct ChannelParam {
    /// The placeholder.
    pub name: At<WireName>,
    /// Its type.
    pub ty: Option<At<TypeText>>,
}

/// A field of the query string.
#[derive(Debug)]
pub struct QueryField {
    /// Its name in the query string.
    pub wire: At<WireName>,
    /// What it is called in code, where the author says so.
    pub name: Option<At<Name>>,
    /// Its type.
    pub ty: Option<At<RustType>>,
    /// Its value where the client gives none.
    pub default: Option<Literal>,
}

/// A value that clients give: a path param or a query field.
#[derive(Clone, Copy, Debug)]
pub struct ClientValue<'a> {
    /// What clients call it.
    pub wire: &'a WireName,
    /// What it is called in code, where the author says so.
    pub named: Option<&'a At<Name>>,
}

/// An extractor and the name of what it yields.
#[derive(Debug)]
pub struct Extract {
    /// The name of the value.
    pub name: At<Name>,
    /// An axum `FromRequestParts` type.
    pub ty: Option<At<RustType>>,
}

/// A close code of the application.
#[derive(Debug)]
pub struct Close {
    /// The code.
    pub code: At<OwnCloseCode>,
    /// What it is called.
    pub name: Option<At<Name>>,
    /// What clients do after it.
    pub retry: Retry,
    /// What it means.
    pub doc: Option<At<String>>,
}

/// A channel that an endpoint listens to.
#[derive(Debug)]
pub struct Subscribe {
    /// The spec's name of the channel.
    pub channel: At<String>,
    /// Who gets its messages.
    pub delivery: Delivery,
    /// What fills placeholders that are not called like what fills them.
    pub fill: Vec<Filling>,
}

/// What fills a placeholder of a channel's name.
#[derive(Debug)]
pub struct Filling {
    /// The placeholder.
    pub placeholder: At<WireName>,
    /// A path param, a query field, an extracted value or a field of one.
    pub source: Option<At<WireName>>,
}

/// What happens to a client's message.
#[derive(Clone, Debug)]
pub enum OnMessage {
    /// The user's code gets it.
    Handle,
    /// The client gets it back.
    Echo,
    /// Nothing.
    Ignore,
    /// The named channel gets it.
    Publish {
        /// The channel.
        channel: At<String>,
        /// Whether the client itself does not hear it.
        leaves_out: bool,
    },
}

choices! {
    /// What happens to a client's message, where one word says it.
    OnMessageChoice {
        /// Your code gets it.
        Handle = "handle",
        /// The client gets it back.
        Echo = "echo",
        /// Nothing.
        Ignore = "ignore",
    }
}

/// An entry of a mapping whose keys are names that the author chooses.
pub trait Entry {
    /// The names.
    const NAMES: Form;
    /// What is under a name.
    const VALUES: Form;
    /// How many there may be.
    const MOST: usize = MOST_ENTRIES;
}

impl<E: Entry> Described for Vec<E> {
    const FORM: Form = Form::Map {
        keys: &E::NAMES,
        values: &E::VALUES,
        most: E::MOST,
    };
}

impl<V: Described> Described for Option<At<V>> {
    const FORM: Form = V::FORM;
}

impl Described for String {
    const FORM: Form = Form::Text;
}

impl Entry for Channel {
    const NAMES: Form = Name::FORM;
    const VALUES: Form = Form::Either(&[Form::Nothing, ChannelName::FORM, Self::FORM]);
}

impl Entry for Endpoint {
    const NAMES: Form = Name::FORM;
    const VALUES: Form = Self::FORM;
}

impl Entry for Filling {
    const NAMES: Form = WireName::FORM;
    const VALUES: Form = WireName::FORM;
}

impl Entry for ChannelParam {
    const NAMES: Form = WireName::FORM;
    const VALUES: Form = TypeText::FORM;
}

impl Entry for Param {
    const NAMES: Form = WireName::FORM;
    const VALUES: Form = Form::Either(&[RustType::FORM, LongParam::FORM]);
}

impl Entry for QueryField {
    const MOST: usize = 32;
    const NAMES: Form = WireName::FORM;
    const VALUES: Form = Form::Either(&[RustType::FORM, LongQueryField::FORM]);
}

impl Entry for Extract {
    const MOST: usize = MOST_EXTRACTORS;
    const NAMES: Form = Name::FORM;
    const VALUES: Form = RustType::FORM;
}

impl Entry for Close {
    const MOST: usize = 50;
    const NAMES: Form = OwnCloseCode::FORM;
    const VALUES: Form = Form::Either(&[Name::FORM, LongClose::FORM]);
}

impl Described for Vec<At<SpecPath>> {
    const FORM: Form = Form::Either(&[
        SpecPath::FORM,
        Form::List {
            element: &SpecPath::FORM,
            distinct: true,
            least: 1,
            most: MOST_ENTRIES,
        },
    ]);
}

/// How messages are written where the spec says nothing.
impl Default for Wire {
    fn default() -> Self {
        Self {
            tag: None,
            id: None,
            content: None,
            built_in: None,
        }
    }
}

impl Subscribe {
    /// How many channels an endpoint may listen to.
    pub const MOST: usize = 16;
}

impl Described for Vec<Subscribe> {
    const FORM: Form = Form::Either(&[
        Name::FORM,
        Form::List {
            element: &Name::FORM,
            distinct: true,
            least: 1,
            most: Subscribe::MOST,
        },
        Form::Map {
            keys: &Name::FORM,
            values: &Form::Either(&[Delivery::FORM, LongSubscribe::FORM]),
            most: Subscribe::MOST,
        },
    ]);
}

impl Described for Vec<At<Subprotocol>> {
    const FORM: Form = Form::Either(&[
        Subprotocol::FORM,
        Form::List {
            element: &Subprotocol::FORM,
            distinct: true,
            least: 1,
            most: MOST_ENTRIES,
        },
    ]);
}

impl Described for OnMessage {
    const FORM: Form = Form::Either(&[OnMessageChoice::FORM, Publish::FORM]);
}

impl Setting for OnMessage {
    type Resolved = Self;

    fn resolved(&self) -> Self {
        self.clone()
    }

    fn written(&self) -> String {
        match self {
            Self::Handle => OnMessageChoice::Handle.written(),
            Self::Echo => OnMessageChoice::Echo.written(),
            Self::Ignore => OnMessageChoice::Ignore.written(),
            Self::Publish {
                channel,
                leaves_out: false,
            } => format!("{{ publish: {} }}", channel.value),
            Self::Publish { channel, .. } => {
                format!("{{ publish: {}, except: self }}", channel.value)
            }
        }
    }
}

impl ClientValue<'_> {
    /// What it is called in code; `None` where no name can be made of what clients call it.
    #[must_use]
    pub fn name(&self) -> Option<Name> {
        let given = self.named.map(|name| name.value.clone());
        given.or_else(|| self.wire.name())
    }

    /// Whether it fills a placeholder: that has one of its names.
    #[must_use]
    pub fn fills(&self, placeholder: &str) -> bool {
        let is_named = |name: &At<Name>| name.value.as_str() == placeholder;
        self.wire.as_str() == placeholder || self.named.is_some_and(is_named)
    }
}

impl QueryField {
    /// The value.
    #[must_use]
    pub fn value(&self) -> ClientValue<'_> {
        ClientValue {
            wire: &self.wire.value,
            named: self.name.as_ref(),
        }
    }
}

impl Endpoint {
    /// The params of the path.
    pub fn path_values(&self) -> impl Iterator<Item = ClientValue<'_>> {
        let params = self.path.iter().flat_map(|path| path.value.params());
        params.map(|wire| ClientValue {
            wire,
            named: self.param(wire).and_then(|param| param.name.as_ref()),
        })
    }

    /// What is said about a param of the path.
    #[must_use]
    pub fn param(&self, wire: &WireName) -> Option<&Param> {
        let mut params = self.params.iter();
        params.find(|param| param.wire.value == *wire)
    }

    /// The channels that it opens by itself: those it listens to, then those it publishes to.
    pub fn channels(&self) -> impl Iterator<Item = &At<String>> {
        let published = match self.on_message.as_ref().map(|at| &at.value) {
            Some(OnMessage::Publish { channel, .. }) => Some(channel),
            _ => None,
        };
        let kinds: &[Taken] = match self.from_client.as_ref().map(|at| &at.value) {
            Some(FromClient::Kinds(kinds)) => kinds,
            _ => &[],
        };
        let typed = kinds.iter().filter_map(|taken| match &taken.action {
            Some(Action::Publish { channel, .. }) => Some(channel),
            _ => None,
        });
        self.subscribe
            .iter()
            .filter(|subscribe| subscribe.delivery != Delivery::OnDemand)
            .map(|subscribe| &subscribe.channel)
            .chain(published)
            .chain(typed)
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
