//! The shop over HTTP and real sockets. `suite` has what every shop does: the one that is written by hand passes it, too.
//! `more` has what this one does besides.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by a panic"
)]

mod lines;
mod more;
#[path = "../suite/mod.rs"]
mod suite;

/// The program under test.
const SERVER: &str = env!("CARGO_BIN_EXE_shop");
