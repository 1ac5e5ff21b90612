//! What an idle connection costs.

use super::{Notes, thousands};
use crate::{
    args::Plan,
    peer::Peer,
    record::{Better, Metric},
    server::Server,
};
use anyhow::Result;
use std::{thread::sleep, time::Duration};

const MEMORY: Metric = Metric {
    name: "resident memory per connection",
    unit: "KiB",
    better: Better::Less,
    is_detail: false,
};

const CONNECTIONS: usize = 10_000;

/// After this time, a server has nothing more to do for open connections.
const SETTLE: Duration = Duration::from_secs(2);

pub fn take(peer: Peer, plan: &Plan, mut notes: Notes<'_>) -> Result<()> {
    let count = plan.amount(CONNECTIONS);
    for (path, what) in [
        ("/echo", "echo endpoint"),
        ("/feed", "subscribed to a channel"),
    ] {
        let server = Server::start(peer)?;
        // What a server allocates once must not count.
        drop(server.connect(path)?);
        let before = server.resident()?;
        let connections = (0..count).map(|_| server.connect(path));
        let connections = connections.collect::<Result<Vec<_>>>()?;
        sleep(SETTLE);
        let bytes = server.resident()?.saturating_sub(before) as f64;
        drop(connections);
        let case = format!("{} idle connections, {what}", thousands(count));
        notes.add(&case, MEMORY, bytes / 1024.0 / count as f64);
    }
    Ok(())
}
