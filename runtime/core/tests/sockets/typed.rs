//! Typed messages over real sockets.

pub mod app;
mod channels;
mod handle;
mod invalid;
pub mod kinds;
mod others;
mod requests;
mod session;
