//! What the spec generates, written by `build.rs`.

include!(concat!(env!("OUT_DIR"), "/ws/mod.rs"));
