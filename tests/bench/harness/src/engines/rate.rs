//! How many messages get from one replica to another, and what CPU time they take.

use super::{
    replica::meet,
    report::{Kind, Table},
    system::System,
};
use anyhow::Result;
use std::{
    thread::sleep,
    time::{Duration, Instant},
};

const PUBLISHERS: [usize; 2] = [1, 8];
const SIZES: [usize; 2] = [64, 4096];

/// From the first message until counting begins.
const WARM_UP: Duration = Duration::from_millis(500);
const TIME: Duration = Duration::from_secs(2);

pub fn take(system: System, table: &mut Table) -> Result<()> {
    for size in SIZES {
        for publishers in PUBLISHERS {
            case(system, table, publishers, size)?;
        }
    }
    Ok(())
}

fn case(system: System, table: &mut Table, publishers: usize, size: usize) -> Result<()> {
    let broker = system.broker()?;
    let mut from = system.replica(&broker)?;
    let mut to = system.replica(&broker)?;
    to.tell("subscribe feed 1")?;
    let heard = meet(&mut from, &mut to, "feed")?;
    to.tell(&format!("answer {}", from.tell("listen")?))?;
    from.tell(&format!("start feed {publishers} {size}"))?;
    sleep(WARM_UP);

    let begin = Instant::now();
    let count = to.heard()?;
    let cpu = [from.cpu()?, to.cpu()?, broker.cpu()?];
    sleep(TIME);
    let count = (to.heard()? - count) as f64;
    let time = begin.elapsed().as_secs_f64();
    let now = [from.cpu()?, to.cpu()?, broker.cpu()?];

    // No message is missing.
    let sent: u64 = from.tell("stop")?.parse()?;
    to.wait_for(heard + sent)?;

    let [publisher, subscriber, engine] = [0, 1, 2].map(|i| match (now.get(i), cpu.get(i)) {
        (Some(now), Some(before)) => now.since(before).as_secs_f64() * 1e6 / count,
        _ => f64::NAN,
    });
    let case = format!("{publishers} at once, {size} B");
    table.add(Kind::Rate, &case, system, count / time);
    table.add(Kind::ReplicaCpu, &case, system, publisher + subscriber);
    table.add(Kind::PublisherCpu, &case, system, publisher);
    table.add(Kind::SubscriberCpu, &case, system, subscriber);
    table.add(Kind::EngineCpu, &case, system, engine);
    Ok(())
}
