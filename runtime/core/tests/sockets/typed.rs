//! Typed messages over real sockets.

mod app;
mod channels;
mod handle;
mod invalid;
mod kinds;
mod requests;
mod session;
