//! What the fuzzer runs. See `run`, and "Proving" in CONTRIBUTING.md.

#![forbid(unsafe_code)]

pub mod mutate;
mod names;
mod project;
pub mod spec;
pub mod upgrade;
mod ws;
