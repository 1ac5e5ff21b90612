//! The figures for programs.

use crate::{
    args::Plan,
    peer::Peer,
    record::{Better, Results, Row},
};

const HEADING: &str =
    "measurement,case,metric,unit,better,peer,median,min,max,times_better_is_the_first\n";

pub fn table(results: &Results, plan: &Plan) -> String {
    let of_row = |row| {
        plan.peers
            .iter()
            .filter_map(move |peer| line(results, row, *peer, plan))
    };
    let lines: String = results.rows().flat_map(of_row).collect();
    HEADING.to_owned() + &lines
}

fn line(results: &Results, row: &Row, peer: Peer, plan: &Plan) -> Option<String> {
    let figure = results.figure(row, peer)?;
    let metric = row.metric;
    let better = match metric.better {
        Better::Less => "less",
        Better::More => "more",
    };
    let behind = results.behind(row, peer, plan);
    let behind = behind.map_or_else(String::new, |behind| format!("{behind:.3}"));
    let numbers = [figure.median, figure.min, figure.max].map(|value| format!("{value:.3}"));
    // No field has quotation marks, but some have commas.
    Some(format!(
        "{},\"{}\",\"{}\",{},{better},{},{},{behind}\n",
        row.measure.name(),
        row.case,
        metric.name,
        metric.unit,
        peer.name(),
        numbers.join(",")
    ))
}
