//! The table that is printed.

use crate::{
    args::Plan,
    peer::Peer,
    record::{Results, Row},
};

/// Every figure, and how many times the first peer's it is.
pub fn table(results: &Results, plan: &Plan) -> String {
    let mut text = String::new();
    let mut above: Option<&Row> = None;
    for row in results.rows() {
        if !above.is_some_and(|above| above.is_akin(row)) {
            text += &heading(row, plan);
        }
        above = Some(row);
        text += &line(results, row, plan);
    }
    text
}

const CASE: usize = 48;
const COLUMN: usize = 24;

fn heading(row: &Row, plan: &Plan) -> String {
    let title = format!("{} ({})", row.metric.name, row.metric.unit);
    let peers = plan
        .peers
        .iter()
        .map(|peer| format!("{:>COLUMN$}", peer.name()));
    format!("\n{title:<CASE$}{}\n", peers.collect::<String>())
}

fn line(results: &Results, row: &Row, plan: &Plan) -> String {
    let first = plan.peers.first();
    let base = first.and_then(|peer| results.figure(row, *peer));
    let cell = |peer: &Peer| {
        let Some(figure) = results.figure(row, *peer) else {
            return format!("{:>COLUMN$}", "–");
        };
        let spread = (figure.max - figure.min) / figure.median * 50.0;
        let value = format!("{} ±{spread:.0} %", number(figure.median));
        let ratio = match base {
            Some(base) if Some(peer) != first => format!(" {:5.2}×", figure.median / base.median),
            _ => String::new(),
        };
        format!("{:>COLUMN$}", value + &ratio)
    };
    let cells = plan.peers.iter().map(cell).collect::<String>();
    format!("{:<CASE$}{cells}\n", row.case)
}

/// Three digits that count.
pub fn number(value: f64) -> String {
    match value {
        0.0..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        100.0..10_000.0 => format!("{value:.0}"),
        _ => format!("{:.0}k", value / 1000.0),
    }
}
