//! What is measured, and in what order.

mod connect;
mod echo;
mod fanout;
mod idle;
mod inside;
mod latency;

use crate::{
    args::Plan,
    peer::Peer,
    record::{Metric, Results, Row},
};
use anyhow::{Context, Result};
use clap::ValueEnum;

/// A measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Measure {
    /// CPU per delivered message.
    Fanout,
    /// Time from a message to its last receipt.
    Latency,
    /// Messages per second, and CPU for each.
    Echo,
    /// Memory of idle connections.
    Idle,
    /// Connects per second, and CPU for each.
    Connect,
    /// Allocations and threads of channels, within a process.
    Publish,
    /// What remains of channels that were used once.
    Oneshot,
}

/// Measures everything as often as asked for, the servers in turn, so that other load on the
/// machine affects all of them alike.
pub fn run(plan: &Plan, results: &mut Results) -> Result<()> {
    for round in 0..plan.rounds {
        for measure in &plan.measures {
            for peer in turns(plan, round) {
                if peer.takes(*measure) {
                    eprintln!("round {}: {} of {}", round + 1, measure.name(), peer.name());
                    let notes = Notes {
                        measure: *measure,
                        peer,
                        results,
                    };
                    measure
                        .take(peer, plan, notes)
                        .with_context(|| format!("{} of {}", measure.name(), peer.name()))?;
                }
            }
        }
    }
    Ok(())
}

/// The servers, with another one first in each round.
fn turns(plan: &Plan, round: u32) -> impl Iterator<Item = Peer> {
    let count = plan.peers.len();
    let peers = plan.peers.iter().copied();
    peers.cycle().skip(round as usize).take(count)
}

impl Measure {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fanout => "fanout",
            Self::Latency => "latency",
            Self::Echo => "echo",
            Self::Idle => "idle",
            Self::Connect => "connect",
            Self::Publish => "publish",
            Self::Oneshot => "oneshot",
        }
    }

    /// Whether it runs programs of its own instead of a server.
    pub const fn is_inside(self) -> bool {
        matches!(self, Self::Publish | Self::Oneshot)
    }

    fn take(self, peer: Peer, plan: &Plan, notes: Notes<'_>) -> Result<()> {
        match self {
            Self::Fanout => fanout::take(peer, plan, notes),
            Self::Echo => echo::take(peer, plan, notes),
            Self::Latency => latency::take(peer, plan, notes),
            Self::Idle => idle::take(peer, plan, notes),
            Self::Connect => connect::take(peer, plan, notes),
            Self::Publish => inside::publish(peer, notes),
            Self::Oneshot => inside::oneshot(peer, notes),
        }
    }
}

/// Where the measurement of one server writes its figures.
struct Notes<'a> {
    measure: Measure,
    peer: Peer,
    results: &'a mut Results,
}

impl Notes<'_> {
    fn add(&mut self, case: &str, metric: Metric, value: f64) {
        let row = Row {
            measure: self.measure,
            case: case.to_owned(),
            metric,
        };
        self.results.add(row, self.peer, value);
    }
}

/// A number as people write it.
fn thousands(number: usize) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", number / 1000, number % 1000),
    }
}
