//! Endpoints for a client that sends anything. Each echoes every message it accepts.

mod file;

include!(concat!(env!("OUT_DIR"), "/ws/sockets.rs"));
