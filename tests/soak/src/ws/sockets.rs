//! Endpoints with short limits, for clients of every kind.

mod counting;
mod desk;

include!(concat!(env!("OUT_DIR"), "/ws/sockets.rs"));
