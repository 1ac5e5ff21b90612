//! Loads servers over loopback, measures them, and prints the figures side by side.

#![expect(
    clippy::cast_precision_loss,
    reason = "no more than three digits of a figure count"
)]

mod args;
mod engines;
mod measures;
mod peer;
mod pool;
mod prepare;
mod record;
mod report;
mod server;
mod usage;
mod wire;

use self::{
    args::{Args, Command},
    record::Results,
};
use anyhow::{Result, ensure};
use clap::Parser;

fn main() -> Result<()> {
    let mut args = Args::parse();
    if let Some(Command::Engines(engines)) = args.command.take() {
        return engines::run(&engines);
    }
    let plan = args.plan();
    usage::raise_descriptor_limit()?;
    prepare::prepare(&plan)?;
    usage::warn_if_busy()?;
    let mut results = Results::default();
    let measured = measures::run(&plan, &mut results);
    if measured.is_ok() {
        let is_nothing = results.rows().next().is_none();
        ensure!(!is_nothing, "these servers take none of these measurements");
    }
    // Print what was measured before a failure, too.
    report::show(&results, &plan)?;
    measured
}
