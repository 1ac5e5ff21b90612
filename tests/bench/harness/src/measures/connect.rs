//! How fast clients connect and leave.

use super::Notes;
use crate::{
    args::Plan,
    peer::Peer,
    record::{Better, Metric},
    server::Server,
};
use anyhow::{Result, anyhow};
use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Instant,
};

const RATE: Metric = Metric {
    name: "connects per second",
    unit: "/s",
    better: Better::More,
    is_detail: false,
};

const CPU: Metric = Metric {
    name: "server CPU per connect",
    unit: "µs",
    better: Better::Less,
    is_detail: false,
};

const CONNECTS: usize = 6000;

/// How many connect at the same time.
const CLIENTS: usize = 16;

pub fn take(peer: Peer, plan: &Plan, mut notes: Notes<'_>) -> Result<()> {
    let server = Server::start(peer)?;
    let count = plan.amount(CONNECTS);
    connect(&server, count / 4)?;
    let cpu = server.cpu()?;
    let begin = Instant::now();
    connect(&server, count)?;
    let elapsed = begin.elapsed();
    let cpu = server.cpu()?.since(&cpu);
    let case = "TCP, origin check, cookie, upgrade, close";
    notes.add(case, RATE, count as f64 / elapsed.as_secs_f64());
    notes.add(case, CPU, cpu.as_secs_f64() * 1e6 / count as f64);
    Ok(())
}

/// Opens and closes `count` connections.
fn connect(server: &Server, count: usize) -> Result<()> {
    let begun = AtomicUsize::new(0);
    let client = || {
        while begun.fetch_add(1, Ordering::Relaxed) < count {
            server.connect("/connect")?.close()?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(client)).collect();
        threads.into_iter().try_for_each(|thread| {
            let ended = thread.join();
            ended.unwrap_or_else(|_| Err(anyhow!("a client panicked")))
        })
    })
}
