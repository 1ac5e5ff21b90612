//! How long a message takes from one replica to another, under a load that all systems sustain.

use super::{
    replica::{meet, numbers},
    report::{Kind, Table},
    system::System,
};
use anyhow::Result;

/// Messages per millisecond, and the number of milliseconds.
const PER_TICK: usize = 2;
const TICKS: usize = 3000;

pub fn take(system: System, table: &mut Table) -> Result<()> {
    let broker = system.broker()?;
    let mut from = system.replica(&broker)?;
    let mut to = system.replica(&broker)?;
    to.tell("subscribe feed 1")?;
    let heard = meet(&mut from, &mut to, "feed")?;
    to.tell("time")?;
    let published = from.tell(&format!("pace feed 1 64 {PER_TICK} {TICKS}"))?;
    to.wait_for(heard + published.parse::<u64>()?)?;
    let [median, most, _]: [f64; 3] = numbers(&to.tell("ages")?)?;
    table.add(Kind::Latency, "median", system, median / 1e3);
    table.add(Kind::Latency, "p99", system, most / 1e3);
    Ok(())
}
