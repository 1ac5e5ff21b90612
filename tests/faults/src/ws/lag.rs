//! Clients that fall behind a channel.

mod handling;

include!(concat!(env!("OUT_DIR"), "/ws/lag.rs"));
