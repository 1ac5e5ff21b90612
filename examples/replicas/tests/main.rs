//! Replicas over real engines: real processes, real sockets, and failures of both.
//!
//! The tests start `redis-server`, `redis-cli`, `nats-server` and Chromium, which must be
//! installed.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by a panic, and clippy knows helpers of tests only inside of `cfg(test)`"
)]

mod browser;
mod example;
mod outages;
mod rolling;
mod strangers;
mod support;
mod together;
