//! The table that is printed.

use super::{machine::machine, number, ratio, unit};
use crate::{
    args::Plan,
    peer::Peer,
    record::{Results, Row},
};

/// What the figures mean, in short.
const METHOD: &str = "\
Medians of all rounds, the peers in turn; ± is half of what the rounds differ by. n×: how many times
better the first column is. Server and load generator are processes of one machine, over loopback;
CPU is the server's, user and system. tests/bench/README.md says more.";

/// The width of the first column, and of the others.
const CASE: usize = 50;
const COLUMN: usize = 22;

/// All figures, and how many times better the first server is.
pub fn table(results: &Results, plan: &Plan) -> String {
    let mut text = String::new();
    let mut above: Option<&Row> = None;
    for row in results.rows() {
        if !above.is_some_and(|above| above.is_akin(row)) {
            text += &heading(row, plan);
        }
        text += &line(results, row, plan);
        above = Some(row);
    }
    format!("{text}\n{METHOD}\nMeasured on {}.\n", machine())
}

fn heading(row: &Row, plan: &Plan) -> String {
    let title = format!("{}{}", row.metric.name, unit(row.metric.unit));
    let peers = plan
        .peers
        .iter()
        .map(|peer| format!("{:>COLUMN$}", peer.name()));
    format!("\n{title:<CASE$}{}\n", peers.collect::<String>())
}

fn line(results: &Results, row: &Row, plan: &Plan) -> String {
    let cell = |peer: &Peer| format!("{:>COLUMN$}", cell(results, row, plan, *peer));
    let cells = plan.peers.iter().map(cell).collect::<String>();
    format!("{:<CASE$}{cells}\n", row.case)
}

fn cell(results: &Results, row: &Row, plan: &Plan, peer: Peer) -> String {
    let Some(figure) = results.figure(row, peer) else {
        return "–".to_owned();
    };
    let value = number(figure.median);
    let spread = match plan.rounds {
        1 => String::new(),
        _ => format!(" ±{:.0} %", figure.spread()),
    };
    let behind = results.behind(row, peer, plan);
    let behind = behind.map(|behind| format!(" {:>7}", ratio(behind)));
    value + &spread + &behind.unwrap_or_default()
}
