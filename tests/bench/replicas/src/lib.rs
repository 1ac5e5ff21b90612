//! The bare clients, for comparison.

mod nats;
mod redis;

pub use self::{
    nats::{BareNats, StreamNats},
    redis::BareRedis,
};
