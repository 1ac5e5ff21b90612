//! The listening side of a replica.

use crate::stamp;
use anyhow::{Result, anyhow};
use std::{
    io::Write,
    net::TcpStream,
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

/// Counts what is heard, and reports it to the publisher.
#[derive(Debug, Default)]
pub struct Ear {
    heard: AtomicU64,
    missed: AtomicU64,
    is_timing: AtomicBool,
    ages: Mutex<Vec<u64>>,
    line: OnceLock<Line>,
}

/// The connection to the publisher.
#[derive(Debug)]
struct Line {
    socket: TcpStream,
    /// One byte acknowledges this many messages.
    quantum: u64,
    /// Messages heard before the publisher started.
    before: u64,
}

impl Ear {
    /// Takes a message.
    pub fn hear(&self, message: &[u8]) {
        if self.is_timing.load(Ordering::Relaxed)
            && let Some(age) = stamp::age(message)
        {
            let ages = self.ages.lock();
            ages.unwrap_or_else(PoisonError::into_inner).push(age);
        }
        let heard = self.heard.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(line) = self.line.get()
            && (heard - line.before).is_multiple_of(line.quantum)
        {
            // The publisher notices, because it waits.
            (&line.socket).write_all(&[0]).ok();
        }
    }

    /// Records messages that are known to be lost.
    pub fn miss(&self, count: u64) {
        self.missed.fetch_add(count, Ordering::Relaxed);
    }

    /// How many messages were heard, and how many are known to be lost.
    pub(crate) fn count(&self) -> (u64, u64) {
        let count = |number: &AtomicU64| number.load(Ordering::Relaxed);
        (count(&self.heard), count(&self.missed))
    }

    /// From now on, reports to the publisher at this port of loopback.
    pub(crate) fn answer(&self, port: u16, quantum: u64) -> Result<()> {
        let socket = TcpStream::connect(("127.0.0.1", port))?;
        socket.set_nodelay(true)?;
        let (before, _) = self.count();
        let line = Line {
            socket,
            quantum,
            before,
        };
        let set = self.line.set(line);
        set.map_err(|_| anyhow!("a publisher is connected already"))
    }

    /// From now on, reads the stamps of messages.
    pub(crate) fn time(&self) {
        self.is_timing.store(true, Ordering::Relaxed);
    }

    /// How long messages took, in nanoseconds, fastest first.
    pub(crate) fn ages(&self) -> Vec<u64> {
        let ages = self.ages.lock();
        let mut ages = ages.unwrap_or_else(PoisonError::into_inner).clone();
        ages.sort_unstable();
        ages
    }
}
