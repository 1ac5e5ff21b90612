//! Clients of every kind, each a task that makes one visit after the other.

mod client;
mod faulty;
mod gone;
mod guests;
mod lagging;
mod refused;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use client::Client;
use tokio::task::JoinSet;
use tokio::time::error::Elapsed;
use tokio::time::{sleep, timeout};

use crate::{MINUTE, Outcome};

/// Faults to report of a kind: further ones add nothing.
const MOST_FAULTS: usize = 20;

/// The longest pause between two visits of a client.
const PAUSE_MILLIS: u64 = 400;

/// All clients of a run.
pub struct Crowd {
    clients: JoinSet<()>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    is_over: AtomicBool,
    tally: Mutex<Tally>,
}

/// Visits by their kind, and what went wrong on them.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    visits: BTreeMap<&'static str, u64>,
    faults: Vec<String>,
}

impl Crowd {
    pub fn start(addr: SocketAddr) -> Self {
        let mut crowd = Self {
            clients: JoinSet::new(),
            shared: Arc::default(),
        };
        crowd.add(addr, "rooms", 24, guests::room);
        crowd.add(addr, "long stays", 200, guests::stay);
        crowd.add(addr, "bursts", 6, guests::burst);
        crowd.add(addr, "desks", 4, guests::desk);
        crowd.add(addr, "trickles", 2, guests::trickle);
        crowd.add(addr, "churn", 2, guests::churn);
        crowd.add(addr, "stalls", 3, gone::stall);
        crowd.add(addr, "silence", 4, gone::silence);
        crowd.add(addr, "half-closes", 2, gone::half_close);
        crowd.add(addr, "aborts", 6, gone::abort);
        crowd.add(addr, "lag: close", 2, lagging::closing);
        crowd.add(addr, "lag: skip", 2, lagging::skipping);
        crowd.add(addr, "lag: handle", 2, lagging::counting);
        crowd.add(addr, "protocol errors", 4, faulty::protocol);
        crowd.add(addr, "panics", 2, faulty::panic);
        crowd.add(addr, "panics before the socket", 1, faulty::panic_in_open);
        crowd.add(addr, "refusals", 3, refused::request);
        crowd.add(addr, "crowded out", 1, refused::full);
        crowd
    }

    /// Lets every client end its visit. Returns what they did, and what went wrong.
    pub async fn leave(mut self) -> (Tally, Vec<String>) {
        self.shared.is_over.store(true, Ordering::Relaxed);
        while self.clients.join_next().await.is_some() {}
        let tally = self.shared.tally().clone();
        let faults = tally.faults.clone();
        (tally, faults)
    }

    fn add<Fut>(
        &mut self,
        addr: SocketAddr,
        kind: &'static str,
        count: usize,
        visit: fn(Client) -> Fut,
    ) where
        Fut: Future<Output = Outcome> + Send + 'static,
    {
        self.shared.note(kind, 0);
        for _ in 0..count {
            let shared = Arc::clone(&self.shared);
            self.clients.spawn(async move {
                while !shared.is_over.load(Ordering::Relaxed) {
                    shared.end_of_visit(kind, timeout(MINUTE, visit(Client { addr })).await);
                    sleep(Duration::from_millis(fastrand::u64(..PAUSE_MILLIS))).await;
                }
            });
        }
    }
}

impl Shared {
    fn end_of_visit(&self, kind: &'static str, ended: Result<Outcome, Elapsed>) {
        match ended {
            Ok(Ok(())) => self.note(kind, 1),
            Ok(Err(error)) => self.fault(format!("{kind}: {error}")),
            Err(_) => self.fault(format!("{kind}: no end after {} s", MINUTE.as_secs())),
        }
    }

    fn note(&self, kind: &'static str, visits: u64) {
        *self.tally().visits.entry(kind).or_default() += visits;
    }

    fn fault(&self, fault: String) {
        println!("FAULT: {fault}");
        let mut tally = self.tally();
        if tally.faults.len() < MOST_FAULTS {
            tally.faults.push(fault);
        }
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tally {
    /// The kinds of clients that never completed a visit.
    pub fn idle(&self) -> impl Iterator<Item = &'static str> {
        let idle = self.visits.iter().filter(|(_, visits)| **visits == 0);
        idle.map(|(kind, _)| *kind)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let visits = self
            .visits
            .iter()
            .map(|(kind, visits)| format!("{kind} {visits}"));
        f.write_str(&visits.collect::<Vec<_>>().join(", "))
    }
}
