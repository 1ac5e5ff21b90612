//! The values that a spec is made of, each read into a type of its own: well formed, and not yet tied to anything.
//!
//! Specs and the contract are made of the same ones.

mod channel_name;
mod close;
mod mistake;
mod name;
mod origin;
mod policy;
mod quantity;
mod route_path;
mod rust_type;

pub use channel_name::{ChannelName, Segment};
pub use close::{CloseCode, Reason};
pub use mistake::Mistake;
pub use name::{Name, WireName};
pub use origin::Origin;
pub use policy::{Accept, Missed, Notify, Origins, Switch};
pub use quantity::{Count, Size, Span};
pub use route_path::RoutePath;
pub use rust_type::{RustType, Use};

/// A default value, checked against its type.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// For `bool`.
    Bool(bool),
    /// For `char`.
    Char(char),
    /// For the integer types, in decimal digits.
    Integer(String),
    /// For `f32` and `f64`, in as many digits as the type can tell apart.
    Float(String),
    /// For `String`.
    Text(String),
}

impl Literal {
    /// A whole number.
    pub fn integer(value: &impl ToString) -> Self {
        Self::Integer(value.to_string())
    }
}

/// Who gets the messages of a subscribed channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The client, as they are.
    Relay,
    /// The user's code.
    Handle,
}
