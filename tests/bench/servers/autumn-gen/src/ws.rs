//! The endpoints. What their spec generates is not committed: `build.rs` writes it.

pub mod bench;

include!(concat!(env!("OUT_DIR"), "/ws/mod.rs"));
