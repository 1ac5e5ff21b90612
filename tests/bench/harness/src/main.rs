//! Loads servers over loopback, measures them, and shows the figures side by side.

#![expect(
    clippy::cast_precision_loss,
    reason = "no more than three digits of a figure count"
)]

mod args;
mod measures;
mod peer;
mod pool;
mod prepare;
mod record;
mod report;
mod server;
mod usage;
mod wire;

use self::args::Args;
use anyhow::Result;
use clap::Parser;

fn main() -> Result<()> {
    let plan = Args::parse().plan();
    usage::raise_descriptor_limit()?;
    for peer in &plan.peers {
        prepare::prepare(*peer)?;
    }
    let results = measures::run(&plan)?;
    report::show(&results, &plan);
    Ok(())
}
