//! What the fuzzer runs. See `run`, and "Beyond examples" in CONTRIBUTING.md.
//!
//! | target | inputs | runs without a finding |
//! | --- | --- | --- |
//! | [`messages`] | any text as a typed message | 24,500,000 in 14 minutes, until the checker itself was wrong about repeated keys |
//! | [`spec`] | any project | 620,000 in 32 minutes; 4,800 more edges than the committed corpus reaches |
//! | [`upgrade`] | any bytes of a client | 1,420,000 in 37 minutes; 2,100 more edges than the committed corpus reaches |
//!
//! These were the last runs, on half of two slow cores. A process that was paused in the meantime is
//! reported as a timeout: an input that passes alone is not a finding.

#![forbid(unsafe_code)]

pub mod messages;
pub mod mutate;
mod names;
mod project;
pub mod spec;
pub mod upgrade;
mod ws;
