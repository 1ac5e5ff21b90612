//! Publishes from several threads.

use anyhow::Result;
use server_autumn_web::Registry;

fn main() -> Result<()> {
    bus::threads::<Registry>()
}
