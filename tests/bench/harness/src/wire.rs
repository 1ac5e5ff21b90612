//! WebSockets, from the client's side: no more of them than a load generator needs.

mod connection;
mod frame;
mod incoming;

pub use self::{
    connection::Connection,
    frame::{Opcode, frame},
    incoming::Incoming,
};
