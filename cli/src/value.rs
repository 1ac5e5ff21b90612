//! The values that a spec is made of, each read into a type of its own: well formed, and not yet tied to anything.
//!
//! Specs and the contract are made of the same ones.

mod bounds;
mod channel_name;
mod close;
mod field_path;
mod form;
mod literal;
mod mistake;
mod name;
mod origin;
mod places;
mod policy;
mod quantity;
mod rate;
mod route_path;
mod rust_type;
mod setting;
mod spec_path;
mod subprotocol;
mod type_name;
mod type_text;
mod version;
mod wording;

pub use bounds::{Bounds, Lengths};
pub use channel_name::{ChannelName, Segment};
pub use close::{CloseCode, OwnCloseCode, Reason, Retry};
pub use field_path::FieldPath;
pub use form::{
    Choice, Form, Key, MOST_ENTRIES, MOST_EXTRACTORS, Notation, Others, Section, SharedForm,
};
pub use literal::{Given, Literal};
pub use mistake::Mistake;
pub use name::{Name, WireName};
pub use origin::Origin;
pub use places::{Places, PlacesOf};
pub use policy::{
    Accept, BuiltIn, Delivery, Except, MessageKind, Missed, Notify, OFF, OnInvalid, Open, Origins,
    OriginsChoice, Over, Refuse, Switch, WithoutSubprotocol,
};
pub use quantity::{Count, Period, Size, Span};
pub use rate::{Rate, RateUnit};
pub use route_path::RoutePath;
pub use rust_type::{ForeignType, ParamType, QueryType, RustType, Use};
pub(crate) use setting::choices;
pub use setting::{Described, Scalar, Setting, choose};
pub use spec_path::SpecPath;
pub use subprotocol::Subprotocol;
pub use type_name::{BINARY, FieldKey, Kind, TypeName};
pub use type_text::{Base, Basic, Float, Integer, TypeText};
pub use version::Version;
pub use wording::{Plain, Wording, in_words};
