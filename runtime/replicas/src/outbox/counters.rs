//! Counters of a replica and its engine.

use autumn_ws_core::metrics::EngineSnapshot;
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// What happened so far.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Messages that were handed to the engine.
    pub(crate) published: Count,
    /// Messages that arrived from other replicas.
    pub(crate) received: Count,
    /// Messages that the engine is not known to have taken.
    pub(crate) dropped: Count,
    /// Foreign messages that arrived.
    pub(crate) ignored: Count,
    /// Times that the connection was lost.
    pub(crate) outages: Count,
    /// Times that it was restored.
    pub(crate) reconnects: Count,
    /// Notices about missing messages that were sent to other replicas.
    pub(crate) gaps_sent: Count,
    /// Notices about missing messages that arrived from other replicas.
    pub(crate) gaps_received: Count,
    /// How long the last probe took, in microseconds.
    pub(crate) round_trip: Count,
}

impl Counters {
    /// The counters as they are now, without those in the state.
    pub(crate) fn snapshot(&self) -> EngineSnapshot {
        let mut snapshot = EngineSnapshot::default();
        snapshot.published = self.published.get();
        snapshot.received = self.received.get();
        snapshot.dropped = self.dropped.get();
        snapshot.ignored = self.ignored.get();
        snapshot.outages = self.outages.get();
        snapshot.reconnects = self.reconnects.get();
        snapshot.gaps_sent = self.gaps_sent.get();
        snapshot.gaps_received = self.gaps_received.get();
        snapshot.round_trip = Duration::from_micros(self.round_trip.get());
        snapshot
    }
}

/// A counter.
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
