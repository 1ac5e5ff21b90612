//! Three replicas of the chat that share their channels over Redis or NATS.

pub mod engine;
mod kept;
pub mod launcher;
pub mod replica;
