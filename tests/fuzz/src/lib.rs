//! What the fuzzer runs. See `run`, and "Proving" in CONTRIBUTING.md.

#![forbid(unsafe_code)]

mod project;
pub mod spec;
pub mod upgrade;
mod ws;
