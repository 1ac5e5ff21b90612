//! Every key of the spec, seen by a client that is not ours.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by a panic, and clippy knows helpers of tests only inside of `cfg(test)`"
)]

mod app;
mod channels;
mod deadlines;
mod defaults;
mod gaps;
mod handlers;
mod http2;
mod limits;
mod messages;
mod metrics;
mod mounting;
mod origins;
mod places;
mod rate;
mod refusals;
mod routing;
mod shutdown;
mod subprotocols;
mod typed;
