//! Channels, and how endpoints name them.

use super::Message;
use crate::{
    place::At,
    value::{Basic, ChannelName, FieldPath, Name},
};
use std::{collections::BTreeMap, sync::Arc};

/// A named broadcast channel.
#[derive(Debug)]
pub struct Channel {
    /// What the spec calls it.
    pub key: At<Name>,
    /// The module of the spec that declares it.
    pub module: Arc<[String]>,
    /// What it is called at run time.
    pub name: At<ChannelName>,
    /// The types of what fills placeholders, by what is between the braces; anything that displays fills the others.
    pub params: BTreeMap<String, Basic>,
    /// How many messages a subscriber may fall behind.
    pub capacity: u32,
    /// The messages that it carries; `None`: whatever is published.
    pub carries: Option<Vec<Arc<Message>>>,
    /// Whether an endpoint of the spec names it.
    pub is_used: bool,
}

/// A channel as an endpoint names it: which one it is for a client is decided by what the client gives, or who it is.
#[derive(Clone, Debug)]
pub struct Topic {
    /// The channel.
    pub channel: Arc<Channel>,
    /// What fills the placeholders of its name, in their order.
    pub fills: Vec<Fill>,
}

/// What fills a placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fill {
    /// The path param that code calls so.
    Param(Name),
    /// The query field that code calls so.
    Query(Name),
    /// An extracted value, or a public field of it.
    Extracted(FieldPath),
}

impl Topic {
    /// Whether both are the same channel of the spec, filled from the same values.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.channel, &other.channel) && self.fills == other.fills
    }
}

impl Fill {
    /// What code calls the value that it is, or is a part of.
    #[must_use]
    pub fn name(&self) -> &Name {
        match self {
            Self::Param(name) | Self::Query(name) => name,
            Self::Extracted(path) => path.value(),
        }
    }
}
