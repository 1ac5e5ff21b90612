//! Sessions over real sockets: what a client sees on the wire.

// A test fails by a panic.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod answers;
mod app;
mod carriers;
mod channels;
mod deadlines;
mod failures;
mod fallback;
mod flood;
mod http2;
mod joined;
mod layers;
mod limits;
mod logs;
mod long;
mod memory;
mod metrics;
mod missed;
mod others;
mod places;
mod protocol;
mod rate;
mod raw;
mod refusals;
mod refused;
mod relay;
mod scrape;
mod serve;
mod session;
mod shape;
mod shutdown;
mod times;
mod typed;
mod upgrade;
mod visible;
