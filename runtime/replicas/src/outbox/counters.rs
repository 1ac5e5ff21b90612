//! What happens between a replica and its engine, in numbers.

use std::sync::atomic::{AtomicU64, Ordering};

/// What happened so far.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Messages that were handed to the engine.
    pub(crate) published: Count,
    /// Messages of other replicas that came.
    pub(crate) received: Count,
    /// Messages that the engine is not known to have taken.
    pub(crate) dropped: Count,
    /// What came and was none of ours.
    pub(crate) ignored: Count,
    /// Times that the connection was lost.
    pub(crate) outages: Count,
    /// Times that it was there again.
    pub(crate) reconnects: Count,
    /// Notices about missing messages that were sent to other replicas.
    pub(crate) gaps_sent: Count,
    /// Notices about missing messages that came from other replicas.
    pub(crate) gaps_received: Count,
    /// How long the last probe took, in microseconds.
    pub(crate) round_trip: Count,
}

/// A number.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    pub(crate) fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
