//! Channels that replicas share through an engine, compared.

mod broker;
mod latency;
mod names;
mod rate;
mod replica;
mod report;
mod system;

use self::{report::Table, system::System};
use crate::{prepare, usage};
use anyhow::{Context, Result};
use clap::ValueEnum;
use std::path::PathBuf;

/// What to measure.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Measures only these systems.
    #[arg(long, value_name = "SYSTEMS", value_delimiter = ',')]
    only: Vec<System>,
    /// Leaves these systems out (autumn-web takes five minutes to build).
    #[arg(long, value_name = "SYSTEMS", value_delimiter = ',')]
    without: Vec<System>,
    /// Takes only these measurements.
    #[arg(long, value_name = "MEASUREMENTS", value_delimiter = ',')]
    measure: Vec<Measure>,
    /// How often everything is measured. Figures are medians.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Where table and CSV go: tests/bench/results-engines if everything is measured, otherwise the
    /// target folder.
    #[arg(long, value_name = "FOLDER")]
    save: Option<PathBuf>,
}

/// A measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Measure {
    /// Messages per second from one replica to another, and CPU for each.
    Rate,
    /// From publishing to hearing.
    Latency,
    /// What channels cost a replica that does not listen to them.
    Names,
}

impl Measure {
    fn take(self, system: System, table: &mut Table) -> Result<()> {
        match self {
            Self::Rate => rate::take(system, table),
            Self::Latency => latency::take(system, table),
            Self::Names => names::take(system, table),
        }
    }
}

/// Measures everything, and prints it.
pub fn run(args: &Args) -> Result<()> {
    let systems: Vec<_> = System::value_variants()
        .iter()
        .copied()
        .filter(|s| args.only.is_empty() || args.only.contains(s))
        .filter(|s| !args.without.contains(s))
        .collect();
    let is_asked = |m: &&Measure| args.measure.is_empty() || args.measure.contains(m);
    let measures: Vec<_> = Measure::value_variants().iter().filter(is_asked).collect();
    prepare::prepare_engines(systems.contains(&System::AutumnWebRedis))?;
    usage::warn_if_busy()?;
    let mut table = Table::new(systems.clone());
    let outcome = take_all(&systems, &measures, args.rounds, &mut table);
    let is_whole = outcome.is_ok()
        && systems.len() == System::value_variants().len()
        && measures.len() == Measure::value_variants().len();
    let folder = match &args.save {
        Some(folder) => folder.clone(),
        None if is_whole => prepare::root().join("results-engines"),
        None => prepare::target().join("bench-results-engines"),
    };
    // Print what was measured before a failure, too.
    table.show(&folder)?;
    outcome
}

/// Measures the systems in turn, so that other load on the machine affects all of them alike.
fn take_all(
    systems: &[System],
    measures: &[&Measure],
    rounds: u32,
    table: &mut Table,
) -> Result<()> {
    for round in 0..rounds {
        for measure in measures {
            let turns = systems.iter().cycle().skip(round as usize);
            for system in turns.take(systems.len()) {
                let what = format!("{measure:?} of {}", system.name());
                eprintln!("round {}: {what}", round + 1);
                measure.take(*system, table).context(what)?;
            }
        }
    }
    Ok(())
}
