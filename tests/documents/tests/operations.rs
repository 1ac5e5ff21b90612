//! What operators look for in metrics and logs.

use crate::nothing_wrong;
use document_tests::markdown::{files, repository};
use std::fs;

/// The rows of the table under "When you are on call": what happened, and the metrics and log lines that show it.
#[test]
fn the_on_call_table_names_metrics_and_log_lines_that_exist() {
    let page = fs::read_to_string(repository().join("runtime/docs/operations.md")).unwrap();
    let section = page.split_once("## When you are on call").unwrap().1;
    let rows = section.lines().filter(|line| line.starts_with("| "));
    let rows: Vec<Vec<&str>> = rows
        .skip(2)
        .map(|row| row.split('|').map(str::trim).collect())
        .collect();
    assert!(rows.len() > 15, "rows are missing");

    let sources = files(".rs").into_iter();
    let sources = sources.filter(|path| path.starts_with(repository().join("runtime")));
    let source: String = sources
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let mut wrong = Vec::new();
    for row in rows {
        let metrics = quoted(row[3]).filter(|text| text.contains('_'));
        let metrics = metrics.map(|name| format!("\"autumn_ws_{name}\""));
        let logs = quoted(row[4]).map(|text| format!("\"{text}\""));
        let missing = metrics.chain(logs).filter(|text| !source.contains(text));
        wrong.extend(missing.map(|text| format!("{}: the runtime has no {text}", row[1])));
    }
    nothing_wrong(&wrong);
}

/// What stands between backticks, but for labels.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    let parts = cell.split('`').skip(1).step_by(2);
    parts.filter(|part| !part.contains('=') && !["by", "code", "reason"].contains(part))
}
