//! The tests of `examples/shop`, against the server that is written by hand.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by a panic"
)]

#[path = "../../../../../examples/shop/tests/suite/mod.rs"]
mod suite;

/// The program under test.
const SERVER: &str = env!("CARGO_BIN_EXE_shop-axum");
