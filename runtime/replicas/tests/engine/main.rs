//! Channels over an engine: one in memory that tests control, and real ones.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::expect_used,
    reason = "what fails here fails the test"
)]

mod app;
#[cfg(feature = "redis")]
mod budget;
#[cfg(any(feature = "nats", feature = "redis"))]
mod calm;
mod conform;
#[cfg(any(feature = "nats", feature = "redis"))]
mod cuts;
mod echoes;
mod exactly_once;
mod faults;
mod gaps;
#[cfg(feature = "nats")]
mod jetstream;
mod line;
mod link;
#[cfg(feature = "nats")]
mod logins;
#[cfg(feature = "nats")]
mod nats;
#[cfg(any(feature = "nats", feature = "redis"))]
mod network;
mod order;
#[cfg(any(feature = "nats", feature = "redis"))]
mod outages;
#[cfg(feature = "redis")]
mod redis;
mod replica;
#[cfg(feature = "redis")]
mod roles;
mod sessions;
#[cfg(any(feature = "nats", feature = "redis"))]
#[allow(dead_code, reason = "one engine does not need all of it")]
mod strangers;
#[cfg(feature = "nats")]
mod streams;
mod threads;
#[cfg(any(feature = "nats", feature = "redis"))]
mod tls;
mod upgrade;
mod wanted;
mod windows;
mod witness;
