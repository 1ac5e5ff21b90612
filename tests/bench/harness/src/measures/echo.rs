//! How many messages a server can echo.

use super::Notes;
use crate::{
    args::Plan,
    peer::Peer,
    pool::Pool,
    record::{Better, Metric},
    server::Server,
    wire::{Opcode, frame},
};
use anyhow::{Result, ensure};
use std::time::{Duration, Instant};

const CPU: Metric = Metric {
    name: "server CPU per echoed message",
    unit: "µs",
    better: Better::Less,
    is_detail: false,
};

const RATE: Metric = Metric {
    name: "echoed messages per second",
    unit: "/s",
    better: Better::More,
    is_detail: false,
};

const CONNECTIONS: usize = 100;
const SIZE: usize = 64;

/// How many messages each connection has in flight.
const IN_FLIGHT: [usize; 2] = [1, 16];

/// How long a server may be silent.
const PATIENCE: Duration = Duration::from_secs(5);

pub fn take(peer: Peer, plan: &Plan, mut notes: Notes<'_>) -> Result<()> {
    let millis = plan.amount(1600) as u64;
    for in_flight in IN_FLIGHT {
        let server = Server::start(peer)?;
        let mut talk = Talk::begin(&server, in_flight)?;
        talk.go_on(Duration::from_millis(millis / 4))?;
        let cpu = server.cpu()?;
        let begin = Instant::now();
        let messages = talk.go_on(Duration::from_millis(millis))? as f64;
        let elapsed = begin.elapsed();
        let cpu = server.cpu()?.since(&cpu);
        let case = format!("{CONNECTIONS} connections, {in_flight} in flight, {SIZE} B");
        notes.add(&case, RATE, messages / elapsed.as_secs_f64());
        notes.add(&case, CPU, cpu.as_secs_f64() * 1e6 / messages);
    }
    Ok(())
}

/// Clients that send another message for each answer.
struct Talk {
    clients: Pool,
    /// The frames of all messages that may be in flight, one after the other.
    frames: Vec<u8>,
    /// The length of one.
    frame: usize,
}

impl Talk {
    fn begin(server: &Server, in_flight: usize) -> Result<Self> {
        let each = (0..in_flight).map(|_| frame(Opcode::Text, &[b'x'; SIZE]));
        let frames = each.collect::<Vec<_>>().concat();
        let mut clients = Pool::connect(server, "/echo", CONNECTIONS)?;
        for client in clients.clients() {
            client.send(&frames)?;
        }
        Ok(Self {
            clients,
            frame: frames.len() / in_flight,
            frames,
        })
    }

    /// Talks for this long, and returns how many answers came.
    fn go_on(&mut self, time: Duration) -> Result<usize> {
        let Self {
            clients,
            frames,
            frame,
        } = self;
        let begin = Instant::now();
        let mut total = 0;
        while begin.elapsed() < time {
            let heard = clients.listen(SIZE, PATIENCE, |client, messages| {
                let next = frames.get(..messages * *frame);
                // More answers than messages are an error.
                client.send(next.unwrap_or_default())?;
                ensure!(next.is_some(), "{messages} answers at once");
                Ok(())
            })?;
            ensure!(heard > 0, "no more answers");
            total += heard;
        }
        Ok(total)
    }
}
