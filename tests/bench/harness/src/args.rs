//! The command line.

use crate::{engines, measures::Measure, peer::Peer, prepare};
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Measures WebSocket servers side by side, on loopback.
#[derive(Debug, Parser)]
#[command(
    bin_name = "bash tests/bench/run",
    args_conflicts_with_subcommands = true
)]
pub struct Args {
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Measures only these servers.
    #[arg(long, value_name = "PEERS", value_delimiter = ',')]
    only: Vec<Peer>,
    /// Leaves these servers out (autumn-web takes five minutes to build).
    #[arg(long, value_name = "PEERS", value_delimiter = ',')]
    without: Vec<Peer>,
    /// Takes only these measurements.
    #[arg(long, value_name = "MEASUREMENTS", value_delimiter = ',')]
    measure: Vec<Measure>,
    /// How often everything is measured: 3 times by default, once with `--quick`. Figures are
    /// medians.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: Option<u32>,
    /// A quarter of the work, and one round: to get an impression, not to quote.
    #[arg(long)]
    quick: bool,
    /// Where table, CSV and picture go: tests/bench/results if everything is measured, otherwise
    /// the target folder.
    #[arg(long, value_name = "FOLDER")]
    save: Option<PathBuf>,
}

/// Other benchmarks.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Measures channels that replicas share through Redis and NATS, side by side.
    Engines(engines::Args),
}

/// What to measure.
#[derive(Debug)]
pub struct Plan {
    pub peers: Vec<Peer>,
    pub measures: Vec<Measure>,
    pub rounds: u32,
    pub quick: bool,
    /// Where the results go.
    pub folder: PathBuf,
}

impl Args {
    pub fn plan(self) -> Plan {
        let is_wanted = |peer: &Peer| {
            (self.only.is_empty() || self.only.contains(peer)) && !self.without.contains(peer)
        };
        let is_asked =
            |measure: &Measure| self.measure.is_empty() || self.measure.contains(measure);
        let quick = self.quick;
        let peers: Vec<_> = all().filter(is_wanted).collect();
        let measures: Vec<_> = all().filter(is_asked).collect();
        let is_whole = peers.len() == all::<Peer>().count()
            && measures.len() == all::<Measure>().count()
            && !quick;
        let default = if is_whole {
            prepare::root().join("results")
        } else {
            prepare::target().join("bench-results")
        };
        Plan {
            peers,
            measures,
            rounds: self.rounds.unwrap_or(if quick { 1 } else { 3 }),
            quick,
            folder: self.save.unwrap_or(default),
        }
    }
}

impl Plan {
    /// An amount of work, or a quarter of it with `--quick`.
    pub fn amount(&self, full: usize) -> usize {
        if self.quick { full.div_ceil(4) } else { full }
    }
}

/// All values of a flag, in order.
fn all<T: ValueEnum + Clone + 'static>() -> impl Iterator<Item = T> {
    T::value_variants().iter().cloned()
}
