//! The bare clients, as a measure.

mod nats;
mod redis;

pub use self::{
    nats::{BareNats, StreamNats},
    redis::BareRedis,
};
