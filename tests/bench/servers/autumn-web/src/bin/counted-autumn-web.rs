//! Counts allocations: `counted-autumn-web autumn-web (publish | oneshot)`.

use anyhow::{Result, bail};
use bus::{allocations, names};
use server_autumn_web::Registry;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use std::{alloc::System, env};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() -> Result<()> {
    match env::args().nth(2).as_deref() {
        Some("publish") => allocations::<Registry>(ALLOCATOR),
        Some("oneshot") => {
            names::<Registry>(ALLOCATOR);
            Ok(())
        }
        _ => bail!("counted-autumn-web autumn-web (publish | oneshot)"),
    }
}
