//! The endpoints. What their specs generate is not committed: `build.rs` writes it. Modules of specs that have handlers are
//! declared here.

pub mod lag;
pub mod shutdown;
pub mod unruly;

include!(concat!(env!("OUT_DIR"), "/ws/mod.rs"));
