//! Misbehaving clients against a real process, over real sockets, with frames made by hand.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by a panic, and clippy knows helpers of tests only inside of `cfg(test)`"
)]

mod cap;
mod conformance;
mod files;
mod gone;
mod http2;
mod lag;
mod panics;
mod shutdown;
mod stalls;
mod support;
mod under_way;
