//! Publishes from several threads: `threads (autumn-gen | axum)`.

use anyhow::{Result, bail};
use bus::threads;
use channels::{Fields, Registry};
use std::env;

fn main() -> Result<()> {
    match env::args().nth(1).as_deref() {
        Some("autumn-gen") => threads::<Registry>(),
        Some("axum") => threads::<Fields>(),
        _ => bail!("threads (autumn-gen | axum)"),
    }
}
