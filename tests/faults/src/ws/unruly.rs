//! Code that fails, and a single place that it must always give back.

mod capped;
mod panics;

include!(concat!(env!("OUT_DIR"), "/ws/unruly.rs"));
