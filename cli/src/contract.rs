//! What the specs of a project agree on: checked, complete, and not about any language.
//!
//! [`check`](crate::check) makes it. Every reference leads somewhere, nothing that must be there is missing, and every
//! setting has the value that holds. It still knows where in the specs things stand, for targets that cannot express
//! something and have to say so.

mod channel;
mod endpoint;
mod policy;
mod typed;
mod types;

pub use channel::{Channel, Fill, Topic};
pub use endpoint::{Close, Endpoint, Extract, OnMessage, Param, Path, QueryField, Subscription};
pub use policy::Policy;
pub use typed::{Action, BinaryAction, FromClient, Taken, ToClient, Typed};
pub use types::{Definition, Field, Member, Message, Reference, Shape, Tag, Type, Variant, Wire};

use crate::{
    place::{At, Place},
    value::RustType,
};
use std::{collections::BTreeMap, sync::Arc};

/// All specs of a project.
#[derive(Debug)]
pub struct Contract {
    /// One module for each spec, in the order of their paths.
    pub modules: Vec<Module>,
    /// All types with a name, of all specs.
    pub definitions: BTreeMap<Reference, Arc<Definition>>,
}

/// What one spec says.
#[derive(Debug)]
pub struct Module {
    /// The path of the spec, as people call it.
    pub spec: String,
    /// The path of the module: `["admin", "audit"]`.
    pub path: Vec<String>,
    /// The whole spec.
    pub place: Place,
    /// What it is about.
    pub description: Option<String>,
    /// The axum state, where it is not the runtime's own.
    pub state: Option<At<RustType>>,
    /// The types with a name, messages included, in the spec's order.
    pub definitions: Vec<Arc<Definition>>,
    /// The messages, in the spec's order.
    pub messages: Vec<Arc<Message>>,
    /// How its messages are written.
    #[allow(dead_code, reason = "for endpoints")]
    pub wire: Arc<Wire>,
    /// The channels, in the spec's order.
    pub channels: Vec<Arc<Channel>>,
    /// The endpoints, in the spec's order.
    pub endpoints: Vec<Endpoint>,
}

impl Module {
    /// The messages that its channels and endpoints name.
    pub fn named(&self) -> impl Iterator<Item = &Reference> {
        let carried = self
            .channels
            .iter()
            .flat_map(|channel| channel.carries.iter().flatten());
        let typed = self
            .endpoints
            .iter()
            .filter_map(|endpoint| endpoint.typed.as_ref());
        let said = typed.flat_map(Typed::messages);
        carried.chain(said).map(|message| &message.ty)
    }

    /// The Rust types that the spec names.
    pub fn rust_types(&self) -> impl Iterator<Item = &RustType> {
        let state = self.state.iter().map(|state| &state.value);
        let foreign = self
            .definitions
            .iter()
            .filter_map(|definition| match &definition.shape {
                Shape::Foreign { rust, .. } => Some(rust),
                _ => None,
            });
        let endpoints = self.endpoints.iter().flat_map(Endpoint::rust_types);
        state.chain(foreign).chain(endpoints)
    }
}

impl Contract {
    /// The type of this name.
    #[must_use]
    pub fn definition(&self, reference: &Reference) -> Option<&Definition> {
        self.definitions.get(reference).map(AsRef::as_ref)
    }
}
