//! Typed messages over real sockets.

mod app;
mod channels;
mod handle;
mod invalid;
mod kinds;
mod others;
mod requests;
mod session;
