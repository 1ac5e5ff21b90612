//! What clients of all kinds hear when the process ends.

mod desk;
mod stuck;

include!(concat!(env!("OUT_DIR"), "/ws/shutdown.rs"));
