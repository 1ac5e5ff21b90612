//! What it costs a server to deliver a message to one more subscriber.

use super::{Notes, thousands};
use crate::{
    args::Plan,
    peer::Peer,
    pool::Pool,
    record::{Better, Metric},
    server::Server,
    wire::Connection,
};
use anyhow::{Result, bail, ensure};
use std::{thread::sleep, time::Duration};

const CPU: Metric = Metric {
    name: "server CPU per delivered message",
    unit: "µs",
    better: Better::Less,
    is_detail: false,
};

/// How long nothing may arrive before a published message counts as lost.
const PATIENCE: Duration = Duration::from_secs(5);

/// Subscribers, and bytes in a message.
const SUBSCRIBERS: [usize; 2] = [200, 2000];
const SIZES: [usize; 2] = [64, 4096];

/// Messages in a burst, and how many messages are published to 200 subscribers in all.
const BURSTS: [(usize, usize); 3] = [(1, 600), (8, 3200), (64, 6400)];

pub fn take(peer: Peer, plan: &Plan, mut notes: Notes<'_>) -> Result<()> {
    for subscribers in SUBSCRIBERS {
        let server = Server::start(peer)?;
        let mut feed = Feed::open(&server, subscribers)?;
        for size in SIZES {
            for (burst, messages) in BURSTS {
                // The same number of deliveries for few subscribers as for many, and not too many
                // bytes.
                let messages = messages * 200 / subscribers / if size > 1024 { 2 } else { 1 };
                let bursts = plan.amount(messages).div_ceil(burst).max(2);
                let cpu = feed.cost(&server, Burst { burst, size }, bursts)?;
                let count = thousands(subscribers);
                let case = format!("{count} subscribers, {}, {burst} at once", bytes(size));
                let deliveries = (bursts * burst * subscribers) as f64;
                notes.add(&case, CPU, cpu.as_secs_f64() * 1e6 / deliveries);
            }
        }
    }
    Ok(())
}

fn bytes(size: usize) -> String {
    match size {
        0..1024 => format!("{size} B"),
        _ => format!("{} KiB", size / 1024),
    }
}

#[derive(Clone, Copy)]
struct Burst {
    burst: usize,
    size: usize,
}

/// Subscribers, and the control connection to a publisher in the server.
struct Feed {
    subscribers: Pool,
    count: usize,
    control: Connection,
}

impl Feed {
    fn open(server: &Server, count: usize) -> Result<Self> {
        let mut subscribers = Pool::connect(server, "/feed", count)?;
        let mut control = server.connect("/control")?;
        subscribers.wait_until_all_hear(1, |_| control.say("1 1"))?;
        Ok(Self {
            subscribers,
            count,
            control,
        })
    }

    /// The CPU time that this many bursts cost the server.
    fn cost(&mut self, server: &Server, burst: Burst, bursts: usize) -> Result<Duration> {
        for _ in 0..bursts.div_ceil(10) {
            self.publish(burst)?;
        }
        let before = server.cpu()?;
        for _ in 0..bursts {
            self.publish(burst)?;
        }
        self.stay_quiet(burst)?;
        Ok(server.cpu()?.since(&before))
    }

    /// Publishes a burst, and waits until every subscriber has all of it.
    fn publish(&mut self, burst: Burst) -> Result<()> {
        self.control
            .say(&format!("{} {}", burst.burst, burst.size))?;
        let expected = burst.burst * self.count;
        let mut total = 0;
        while total < expected {
            let heard = self
                .subscribers
                .listen(burst.size, PATIENCE, |_, _| Ok(()))?;
            if heard == 0 {
                bail!("{total} of {expected} messages arrived");
            }
            total += heard;
        }
        ensure!(total == expected, "{total} messages instead of {expected}");
        Ok(())
    }

    /// Nothing but what was published may arrive.
    fn stay_quiet(&mut self, burst: Burst) -> Result<()> {
        sleep(Duration::from_millis(5));
        let more = self
            .subscribers
            .listen(burst.size, Duration::ZERO, |_, _| Ok(()))?;
        ensure!(more == 0, "{more} messages too many");
        Ok(())
    }
}
