//! WebSockets, from the client's side, as far as a load generator needs them.

mod connection;
mod frame;
mod incoming;

pub use self::{
    connection::Connection,
    frame::{Opcode, frame},
    incoming::Incoming,
};
