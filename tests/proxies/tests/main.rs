//! The recipes of the documentation, with the real thing.

// A test fails by a panic.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod caddy;
mod crowd;
mod haproxy;
mod kubernetes;
mod nginx;
mod page;
mod proxy;
mod recipe;
mod replica;
mod tls;
