//! How long it takes until the last client in a room has a message.

use super::Notes;
use crate::{
    args::Plan,
    peer::Peer,
    pool::Pool,
    record::{Better, Metric},
    server::Server,
    wire::{Opcode, frame},
};
use anyhow::{Context, Result, ensure};
use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

const LATENCY: Metric = Metric {
    name: "latency to the last of 200 subscribers",
    unit: "ms",
    better: Better::Less,
    is_detail: false,
};

const SUBSCRIBERS: usize = 200;
const SIZE: usize = 64;
const MESSAGES: usize = 400;

/// One message each: a load that all servers sustain.
const PACE: Duration = Duration::from_millis(10);

/// How long a message may take.
const PATIENCE: Duration = Duration::from_secs(5);

pub fn take(peer: Peer, plan: &Plan, mut notes: Notes<'_>) -> Result<()> {
    let server = Server::start(peer)?;
    let mut room = Room::open(&server)?;
    room.talk(plan.amount(MESSAGES) / 4)?;
    let mut latencies = room.talk(plan.amount(MESSAGES))?;
    latencies.sort();
    for percent in [50, 99] {
        let latency = latencies.get(latencies.len() * percent / 100);
        let latency = latency.context("no message")?;
        let case = format!("p{percent}, {SIZE} B, 100 messages per second");
        notes.add(&case, LATENCY, latency.as_secs_f64() * 1e3);
    }
    Ok(())
}

struct Room {
    clients: Pool,
    message: Vec<u8>,
}

/// A message that some clients have yet to receive.
struct Sent {
    due: Instant,
    missing: usize,
}

impl Room {
    fn open(server: &Server) -> Result<Self> {
        let mut room = Self {
            clients: Pool::connect(server, "/room", SUBSCRIBERS)?,
            message: frame(Opcode::Text, &[b'x'; SIZE]),
        };
        let message = &room.message;
        room.clients.wait_until_all_hear(SIZE, |clients| {
            let first = clients.first_mut().context("a client")?;
            first.send(message)
        })?;
        Ok(room)
    }

    /// Sends messages at a fixed rate, and returns how long each took. The time runs from when a
    /// message was due, so that a server does not gain by delaying the next ones.
    fn talk(&mut self, count: usize) -> Result<Vec<Duration>> {
        let mut latencies = Vec::with_capacity(count);
        // How many messages each client has received so far.
        let mut heard = vec![0_usize; SUBSCRIBERS];
        let mut under_way = VecDeque::new();
        let mut due = Instant::now();
        let mut left = count;
        while latencies.len() < count {
            if left > 0 && Instant::now() >= due {
                let missing = SUBSCRIBERS;
                under_way.push_back(Sent { due, missing });
                let first = self.clients.clients().first_mut();
                first.context("a client")?.send(&self.message)?;
                due += PACE;
                left -= 1;
            }
            let until = if left > 0 {
                due
            } else {
                Instant::now() + PATIENCE
            };
            self.clients
                .listen(SIZE, patience(until), |client, messages| {
                    let heard = heard.get_mut(client.index()).context("a client")?;
                    for index in *heard..*heard + messages {
                        let sent = index.checked_sub(latencies.len());
                        let sent = sent.and_then(|index| under_way.get_mut(index));
                        sent.context("a message too many")?.missing -= 1;
                    }
                    *heard += messages;
                    Ok(())
                })?;
            while under_way.front().is_some_and(|sent| sent.missing == 0) {
                let sent = under_way.pop_front().context("a message")?;
                latencies.push(sent.due.elapsed());
            }
            let oldest = under_way.front().map(|sent| sent.due.elapsed());
            ensure!(
                oldest.is_none_or(|age| age < PATIENCE),
                "a message was lost"
            );
        }
        Ok(latencies)
    }
}

/// How long to sleep until then, in whole milliseconds: the system does not sleep more precisely.
fn patience(until: Instant) -> Duration {
    let left = until.saturating_duration_since(Instant::now());
    Duration::from_millis(u64::try_from(left.as_millis()).unwrap_or(0))
}
