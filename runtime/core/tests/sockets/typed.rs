//! Typed messages over real sockets.

mod channels;
mod kinds;
