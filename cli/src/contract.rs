//! What the specs of a project agree on: checked, complete, and not about any language.
//!
//! [`check`](crate::check) makes it. Every reference leads somewhere, nothing that must be there is missing, and every
//! setting has the value that holds. It still knows where in the specs things stand, for targets that cannot express
//! something and have to say so.

mod channel;
mod endpoint;
mod policy;

pub use channel::{Channel, Fill, Topic};
pub use endpoint::{Endpoint, Extract, OnMessage, Param, Path, QueryField, Subscription};
pub use policy::Policy;

use crate::{
    place::{At, Place},
    value::RustType,
};
use std::sync::Arc;

/// All specs of a project.
#[derive(Debug)]
pub struct Contract {
    /// One module for each spec, in the order of their paths.
    pub modules: Vec<Module>,
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
    /// The channels, in the spec's order.
    pub channels: Vec<Arc<Channel>>,
    /// The endpoints, in the spec's order.
    pub endpoints: Vec<Endpoint>,
}

/// The type of a value that a client or an extractor gives.
#[derive(Clone, Debug)]
pub enum Type {
    /// Any text.
    Text,
    /// A type of Rust, which clients in other languages see as text.
    Rust(RustType),
}

impl Module {
    /// The Rust types that the spec names.
    pub fn rust_types(&self) -> impl Iterator<Item = &RustType> {
        let state = self.state.iter().map(|state| &state.value);
        state.chain(self.endpoints.iter().flat_map(Endpoint::rust_types))
    }
}
