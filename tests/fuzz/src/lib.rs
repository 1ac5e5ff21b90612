//! What the fuzzer runs. See `run`, and "Proving" in CONTRIBUTING.md.
//!
//! | target | inputs | without a finding |
//! | --- | --- | --- |
//! | [`spec`] | any project | 620,000 in 32 minutes; 4,800 more edges than the committed corpus reaches |
//! | [`upgrade`] | any bytes of a client | 1,420,000 in 37 minutes; 2,100 more edges than the committed corpus reaches |
//!
//! So it was when this was written, on one half of two slow cores. A process that was stopped meanwhile is told as a
//! timeout: an input that passes alone is no finding.

#![forbid(unsafe_code)]

pub mod mutate;
mod names;
mod project;
pub mod spec;
pub mod upgrade;
mod ws;
