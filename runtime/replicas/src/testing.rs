//! An engine in memory, and the tests that an engine has to pass (feature `testing`).
//!
//! Both panic with what they expected and what they got; a wait that takes longer than five seconds
//! is a failure, not a hang.
// A test fails by a panic.
#![allow(clippy::expect_used, clippy::panic)]

pub mod conformance;
mod hub;

pub use self::hub::{Hub, HubConnection};
