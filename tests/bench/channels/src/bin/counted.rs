//! Counts allocations: `counted (autumn-gen | axum) (publish | oneshot)`.

use anyhow::{Result, bail};
use bus::{allocations, names};
use channels::{Fields, Registry};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use std::{alloc::System, env};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() -> Result<()> {
    let words: Vec<_> = env::args().skip(1).collect();
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["autumn-gen", "publish"] => allocations::<Registry>(ALLOCATOR),
        ["axum", "publish"] => allocations::<Fields>(ALLOCATOR),
        ["autumn-gen", "oneshot"] => {
            names::<Registry>(ALLOCATOR);
            Ok(())
        }
        _ => bail!("counted (autumn-gen | axum) (publish | oneshot)"),
    }
}
