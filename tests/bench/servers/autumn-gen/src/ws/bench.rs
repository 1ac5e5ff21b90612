//! What the benchmark asks of every server, with the default heartbeat, idle timer and origin check.

mod control;

include!(concat!(env!("OUT_DIR"), "/ws/bench.rs"));
