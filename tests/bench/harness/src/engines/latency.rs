//! How long a message takes from one replica to another, at a load that all of them carry.

use super::{
    replica::{meet, numbers},
    report::{Kind, Table},
    system::System,
};
use anyhow::Result;

/// Messages in each millisecond, and for how many of them.
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
    table.add(Kind::Latency, "the middle one", system, median / 1e3);
    table.add(Kind::Latency, "99 of 100", system, most / 1e3);
    Ok(())
}
