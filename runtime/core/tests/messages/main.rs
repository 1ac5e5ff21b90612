//! Messages from and to JSON.

// A test fails by a panic.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod bounds;
mod encoding;
mod envelope;
mod one_of;
mod properties;
mod shapes;
mod types;
