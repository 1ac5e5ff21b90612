//! What channels cost within a process, measured by programs of the servers' packages.

use super::{Measure, Notes};
use crate::{
    peer::Peer,
    prepare,
    record::{Better, Metric},
};
use anyhow::{Context, Result, bail, ensure};
use std::process::Command;

pub fn publish(peer: Peer, mut notes: Notes<'_>) -> Result<()> {
    run("counted", peer, Measure::Publish, &mut notes)?;
    run("threads", peer, Measure::Publish, &mut notes)
}

pub fn oneshot(peer: Peer, mut notes: Notes<'_>) -> Result<()> {
    run("counted", peer, Measure::Oneshot, &mut notes)
}

/// Runs a program, and records the figures that it prints.
fn run(program: &str, peer: Peer, measure: Measure, notes: &mut Notes<'_>) -> Result<()> {
    let binary = match peer {
        Peer::AutumnWeb => prepare::program(&format!("{program}-{}", peer.name())),
        _ => prepare::program(program),
    };
    let mut command = Command::new(binary);
    command.args([peer.name(), measure.name()]);
    let output = command.output().with_context(|| format!("{command:?}"))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?}: {errors}");
    for line in str::from_utf8(&output.stdout)?.lines() {
        let fields: Vec<_> = line.split('\t').collect();
        let [case, metric, value] = fields.as_slice() else {
            bail!("{command:?} said {line:?}");
        };
        notes.add(case, metric_of(metric)?, value.parse()?);
    }
    Ok(())
}

fn metric_of(name: &str) -> Result<Metric> {
    let (name, unit, better, is_detail) = match name {
        "allocations" => (
            "allocations per publish and delivery",
            "",
            Better::Less,
            false,
        ),
        "bytes" => (
            "bytes allocated per publish and delivery",
            "B",
            Better::Less,
            true,
        ),
        "rate" => ("publishes per second", "/s", Better::More, true),
        "speed-up" => (
            "publishes of two threads, against one",
            "×",
            Better::More,
            false,
        ),
        "left" => ("memory left of 100,000 channels", "B", Better::Less, false),
        _ => bail!("an unknown metric {name:?}"),
    };
    Ok(Metric {
        name,
        unit,
        better,
        is_detail,
    })
}
