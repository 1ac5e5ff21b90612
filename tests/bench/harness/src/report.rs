//! Shows what was measured.

mod text;

use crate::{args::Plan, record::Results};

/// What the figures mean, in short.
const METHOD: &str = "\
Medians of all rounds, the peers in turn; ± is half of what the rounds differ by. n×: how many times
better the first column is. Server and load generator are processes of one machine, over loopback;
CPU is the server's, user and system. tests/bench/README.md says more.";

pub fn show(results: &Results, plan: &Plan) {
    print!("{}", text::table(results, plan));
}

/// Three digits that count.
fn number(value: f64) -> String {
    match value {
        0.0 => "0".to_owned(),
        0.0..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        100.0..10_000.0 => format!("{value:.0}"),
        10_000.0..10_000_000.0 => format!("{:.0}k", value / 1e3),
        _ => format!("{:.0}M", value / 1e6),
    }
}

/// How many times better.
fn ratio(behind: f64) -> String {
    match behind {
        0.0..10.0 => format!("{behind:.2}×"),
        10.0..10_000.0 => format!("{behind:.0}×"),
        _ => "∞×".to_owned(),
    }
}

/// A unit behind its metric, where there is one.
fn unit(unit: &str) -> String {
    match unit {
        "" => String::new(),
        _ => format!(" ({unit})"),
    }
}
