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
#[path = "../../chat/tests/devtools/mod.rs"]
#[allow(dead_code, reason = "the tests of the chat use more of it")]
mod devtools;
mod example;
mod outages;
mod rolling;
mod strangers;
mod support;
mod together;
