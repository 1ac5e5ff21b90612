//! What channels cost a replica that does not listen to them.

use super::{
    replica::{Replica, meet},
    report::{Kind, Table},
    system::System,
};
use anyhow::Result;
use std::{thread::sleep, time::Duration};

/// Channels with a listener on this replica.
const OWN: usize = 10;

/// All channels.
const ALL: usize = 10_000;

/// Messages on each channel with a listener.
const TURNS: usize = 4;

/// Messages per millisecond: a turn takes two seconds.
const PER_TICK: usize = 5;

pub fn take(system: System, table: &mut Table) -> Result<()> {
    if system.is_bare() {
        return Ok(());
    }
    let few = case(system, OWN)?;
    let many = case(system, ALL)?;
    for (case, used) in [("10 channels", &few), ("10,000 channels", &many)] {
        table.add(Kind::NamesCpu, case, system, used.cpu);
        table.add(Kind::NamesMemory, case, system, used.memory);
    }
    let cpu = many.cpu - few.cpu;
    table.add(Kind::NamesCpu, "the other 9,990", system, cpu);
    let memory = many.memory - few.memory;
    table.add(Kind::NamesMemory, "the other 9,990", system, memory);
    Ok(())
}

/// What a replica used.
struct Used {
    /// Milliseconds.
    cpu: f64,
    /// Growth of its memory, in KiB.
    memory: f64,
}

/// Another replica publishes on `names` channels. In every case the ten with listeners get the same
/// number of messages in the same time.
fn case(system: System, names: usize) -> Result<Used> {
    let broker = system.broker()?;
    let mut from = system.replica(&broker)?;
    let mut to = system.replica(&broker)?;
    to.tell(&format!("subscribe name {OWN}"))?;
    let mut heard = meet(&mut from, &mut to, "name")?;
    // Whatever the first message of a channel creates exists now.
    heard += publish(&mut from, OWN, 1)?;
    to.wait_for(heard)?;

    let (cpu, memory) = (to.cpu()?, to.resident()?);
    for _ in 0..TURNS {
        publish(&mut from, names, names.div_ceil(ALL / PER_TICK))?;
        heard += OWN as u64;
        to.wait_for(heard)?;
        if names < ALL {
            // As long as a turn of all channels.
            sleep(Duration::from_millis((ALL / PER_TICK) as u64));
        }
    }
    let used = to.cpu()?.since(&cpu).as_secs_f64() * 1e3;
    let memory = to.resident()? as f64 - memory as f64;
    Ok(Used {
        cpu: used,
        memory: memory / 1024.0,
    })
}

/// One message on each of `names` channels.
fn publish(from: &mut Replica, names: usize, per_tick: usize) -> Result<u64> {
    let ticks = names.div_ceil(per_tick);
    let order = format!("pace name {names} 64 {per_tick} {ticks}");
    Ok(from.tell(&order)?.parse()?)
}
