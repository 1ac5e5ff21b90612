//! Prints what was measured.

use super::system::System;
use crate::report::{machine::machine, number, ratio};
use anyhow::{Context, Result};
use std::{fmt::Write, fs, path::Path};

/// What a figure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Rate,
    ReplicaCpu,
    PublisherCpu,
    SubscriberCpu,
    EngineCpu,
    Latency,
    NamesCpu,
    NamesMemory,
}

impl Kind {
    const fn title(self) -> &'static str {
        match self {
            Self::Rate => "messages from one replica to another (/s)",
            Self::ReplicaCpu => "CPU of both replicas per message (µs)",
            Self::PublisherCpu => "CPU of the publisher (µs)",
            Self::SubscriberCpu => "CPU of the listener (µs)",
            Self::EngineCpu => "CPU of the engine per message (µs)",
            Self::Latency => "from publish to delivery (µs)",
            Self::NamesCpu => "CPU, listening to 10 channels (ms)",
            Self::NamesMemory => "memory, listening to 10 channels (KiB)",
        }
    }

    const fn is_more_better(self) -> bool {
        matches!(self, Self::Rate)
    }
}

/// All figures.
pub struct Table {
    systems: Vec<System>,
    rows: Vec<Row>,
}

struct Row {
    kind: Kind,
    case: String,
    values: Vec<(System, f64)>,
}

const METHOD: &str = "\
Medians of all rounds, the systems in turn. n×: how many times better autumn-ws is on the same engine;
below 1, the other one is. All processes share one machine, over loopback. bare: nothing but the client
library, pipelined. CPU is user and system. tests/bench/README.md says more.";

const CASE: usize = 44;
const COLUMN: usize = 20;

impl Table {
    pub const fn new(systems: Vec<System>) -> Self {
        let rows = Vec::new();
        Self { systems, rows }
    }

    pub fn add(&mut self, kind: Kind, case: &str, system: System, value: f64) {
        let row = self
            .rows
            .iter_mut()
            .find(|row| row.kind == kind && row.case == case);
        if let Some(row) = row {
            row.values.push((system, value));
            return;
        }
        let akin = self.rows.iter().rposition(|row| row.kind == kind);
        let row = Row {
            kind,
            case: case.to_owned(),
            values: vec![(system, value)],
        };
        let place = akin.map_or(self.rows.len(), |last| last + 1);
        self.rows.insert(place, row);
    }

    /// Prints the table, and writes it with the CSV.
    pub fn show(&self, folder: &Path) -> Result<()> {
        let text = self.text()?;
        print!("{text}");
        let write = |name: &str, content: String| {
            let path = folder.join(name);
            fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))
        };
        fs::create_dir_all(folder)?;
        write("results.txt", text)?;
        write("results.csv", self.csv()?)?;
        eprintln!("written to {}", folder.display());
        Ok(())
    }

    fn text(&self) -> Result<String> {
        let mut text = String::new();
        let mut above = None;
        for row in &self.rows {
            if above != Some(row.kind) {
                write!(text, "\n{:<CASE$}", row.kind.title())?;
                for system in &self.systems {
                    write!(text, "{:>COLUMN$}", system.name())?;
                }
                text.push('\n');
            }
            above = Some(row.kind);
            write!(text, "{:<CASE$}", row.case)?;
            for system in &self.systems {
                write!(text, "{:>COLUMN$}", row.cell(*system))?;
            }
            text.push('\n');
        }
        Ok(format!("{text}\n{METHOD}\nMeasured on {}.\n", machine()))
    }

    fn csv(&self) -> Result<String> {
        let mut csv = "figure,case,system,median,min,max,times_better_is_autumn_ws\n".to_owned();
        for row in &self.rows {
            for system in &self.systems {
                let values = row.of(*system);
                let (Some(median), Some(min), Some(max)) =
                    (median(&values), values.first(), values.last())
                else {
                    continue;
                };
                let behind = row.behind(*system);
                let behind = behind.map_or_else(String::new, |behind| format!("{behind:.3}"));
                let (kind, case, name) = (row.kind.title(), &row.case, system.name());
                writeln!(
                    csv,
                    "\"{kind}\",\"{case}\",{name},{median:.3},{min:.3},{max:.3},{behind}"
                )?;
            }
        }
        Ok(csv)
    }
}

impl Row {
    /// All values of a system, from the smallest to the largest.
    fn of(&self, system: System) -> Vec<f64> {
        let its = self.values.iter().filter(|(its, _)| *its == system);
        let mut values: Vec<_> = its.map(|(_, value)| *value).collect();
        values.sort_by(f64::total_cmp);
        values
    }

    /// How many times better autumn-ws is.
    fn behind(&self, system: System) -> Option<f64> {
        let ours = median(&self.of(system.ours()))?;
        let its = median(&self.of(system)).filter(|_| system != system.ours())?;
        let ratio = if self.kind.is_more_better() {
            ours / its
        } else {
            its / ours
        };
        // A difference close to zero is not a measure.
        (ours > 0.0 && its > 0.0).then_some(ratio)
    }

    fn cell(&self, system: System) -> String {
        let Some(median) = median(&self.of(system)) else {
            return "–".to_owned();
        };
        let behind = self.behind(system);
        let behind = behind.map(|behind| format!(" {:>6}", ratio(behind)));
        let sign = if median < 0.0 { "-" } else { "" };
        format!("{sign}{}", number(median.abs())) + &behind.unwrap_or_default()
    }
}

/// Of sorted values.
fn median(values: &[f64]) -> Option<f64> {
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(*values.get(middle.checked_sub(1)?)?, upper))
}
