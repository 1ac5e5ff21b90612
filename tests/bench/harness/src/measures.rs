//! What is measured, and in which order.

mod echo;
mod fanout;
mod idle;

use crate::{
    args::Plan,
    peer::Peer,
    record::{Metric, Results, Row},
};
use anyhow::{Context, Result};
use clap::ValueEnum;

/// Something that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Measure {
    Fanout,
    Echo,
    Idle,
}

/// Measures everything, the peers in turn, as often as asked for: so that a time in which the
/// machine is busy with something else harms all of them alike.
pub fn run(plan: &Plan) -> Result<Results> {
    let mut results = Results::default();
    for round in 0..plan.rounds {
        for measure in &plan.measures {
            for peer in turns(plan, round) {
                if peer.takes(*measure) {
                    eprintln!("round {}: {} of {}", round + 1, measure.name(), peer.name());
                    let notes = Notes {
                        measure: *measure,
                        peer,
                        results: &mut results,
                    };
                    measure
                        .take(peer, plan, notes)
                        .with_context(|| format!("{} of {}", measure.name(), peer.name()))?;
                }
            }
        }
    }
    Ok(results)
}

/// The peers, with another one first in each round.
fn turns(plan: &Plan, round: u32) -> impl Iterator<Item = Peer> {
    let count = plan.peers.len();
    let peers = plan.peers.iter().copied();
    peers.cycle().skip(round as usize).take(count)
}

impl Measure {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fanout => "fanout",
            Self::Echo => "echo",
            Self::Idle => "idle",
        }
    }

    fn take(self, peer: Peer, plan: &Plan, notes: Notes<'_>) -> Result<()> {
        match self {
            Self::Fanout => fanout::take(peer, plan, notes),
            Self::Echo => echo::take(peer, plan, notes),
            Self::Idle => idle::take(peer, plan, notes),
        }
    }
}

/// Where a measurement of one peer writes its figures.
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
