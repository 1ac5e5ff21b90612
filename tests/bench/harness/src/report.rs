//! Prints what was measured.

mod csv;
pub mod machine;
mod svg;
mod text;

use crate::{args::Plan, record::Results};
use anyhow::{Context, Result};
use std::fs;

/// Prints the table, and writes it with the CSV and the picture.
pub fn show(results: &Results, plan: &Plan) -> Result<()> {
    let table = text::table(results, plan);
    print!("{table}");
    let folder = &plan.folder;
    let write = |name: &str, content: String| {
        let path = folder.join(name);
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))
    };
    fs::create_dir_all(folder)?;
    write("results.txt", table)?;
    write("results.csv", csv::table(results, plan))?;
    write("results.svg", svg::picture(results, plan))?;
    eprintln!("written to {}", folder.display());
    Ok(())
}

/// Rounds to three significant digits.
pub fn number(value: f64) -> String {
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
pub fn ratio(behind: f64) -> String {
    match behind {
        0.0..2.0 => format!("{behind:.2}×"),
        2.0..10.0 => format!("{behind:.1}×"),
        10.0..10_000.0 => format!("{behind:.0}×"),
        _ => "∞".to_owned(),
    }
}

/// A unit behind its metric, where there is one.
fn unit(unit: &str) -> String {
    match unit {
        "" => String::new(),
        _ => format!(" ({unit})"),
    }
}

#[cfg(test)]
mod tests {
    use super::{csv, svg, text};
    use crate::{
        args::Plan,
        measures::Measure,
        peer::Peer,
        record::{Better, Metric, Results, Row},
    };
    use std::path::PathBuf;

    fn row(case: &str, better: Better) -> Row {
        let metric = Metric {
            name: "CPU & more",
            unit: "µs",
            better,
            is_detail: false,
        };
        Row {
            measure: Measure::Fanout,
            case: case.to_owned(),
            metric,
        }
    }

    fn plan() -> Plan {
        Plan {
            peers: vec![Peer::AutumnGen, Peer::Axum, Peer::Bun],
            measures: vec![Measure::Fanout],
            rounds: 3,
            quick: false,
            folder: PathBuf::new(),
        }
    }

    /// Twice as good as axum in the first two rows, and zero in the third.
    fn results() -> Results {
        let mut results = Results::default();
        let figures = [
            (row("less", Better::Less), 10.0, 20.0),
            (row("more", Better::More), 20.0, 10.0),
            (row("<nothing>", Better::Less), 0.0, 30.0),
        ];
        for (row, own, other) in figures {
            results.add(row.clone(), Peer::AutumnGen, own);
            results.add(row, Peer::Axum, other);
        }
        results
    }

    #[test]
    fn the_table_shows_how_many_times_better_the_first_server_is() {
        let table = text::table(&results(), &plan());
        let line = |case: &str| table.lines().find(|line| line.starts_with(case)).unwrap();
        assert!(line("less").contains(" 2.0×"), "{table}");
        assert!(line("more").contains(" 2.0×"), "{table}");
        assert!(line("<nothing>").contains(" ∞"), "{table}");
        assert!(!table.contains("NaN"), "{table}");
    }

    #[test]
    fn the_csv_has_a_line_for_each_figure() {
        let table = csv::table(&results(), &plan());
        let columns = |line: &str| line.split(',').count();
        assert_eq!(table.lines().count(), 1 + 2 * 3);
        assert!(table.lines().all(|line| columns(line) == 10), "{table}");
        assert!(table.contains("\"more\",\"CPU & more\",µs,more,axum,10.000,10.000,10.000,2.000"));
    }

    #[test]
    fn the_picture_has_every_row_and_is_well_formed() {
        let picture = svg::picture(&results(), &plan());
        for case in ["less", "more", "&lt;nothing>"] {
            assert!(picture.contains(&format!(">{case}<")), "{picture}");
        }
        assert_eq!(
            picture.matches("<text").count(),
            picture.matches("</text>").count()
        );
        // Two marks above the columns, and one for each of axum's figures.
        assert_eq!(picture.matches("class=\"mark").count(), 2 + 3);
        assert!(
            !picture.contains("NaN") && !picture.contains(" & "),
            "{picture}"
        );
    }
}
