//! Three replicas of the chat, whose channels are one: over Redis or NATS.

pub mod engine;
mod kept;
pub mod launcher;
pub mod replica;
