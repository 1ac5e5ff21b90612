//! The interface to other processes.

use super::publication::Publication;
use crate::sync::Arc;
use futures_util::future::BoxFuture;
use std::time::Duration;

/// Shared by all channels, with plain reference counts, which a model checker need not see.
pub(super) type SharedUpstream = std::sync::Arc<dyn Upstream>;

/// What carries channels to other processes: given to
/// [`Channels::with_upstream`](crate::Channels::with_upstream). Messages from there are delivered
/// through a [`Downstream`](crate::upstream::Downstream).
pub trait Upstream: Send + Sync {
    /// A channel has its first subscriber. Called under the lock of the channel, so that joining
    /// and leaving keep their order: it must neither wait nor touch the channel.
    fn join(&self, name: &Arc<str>);

    /// A channel has lost its last subscriber. As [`join`](Upstream::join).
    fn leave(&self, name: &Arc<str>);

    /// Waits until everything that is published on a channel with subscribers arrives here. Returns
    /// whether it had to wait.
    fn joined<'a>(&'a self, name: &'a Arc<str>) -> BoxFuture<'a, bool>;

    /// Takes a message, or returns it: then it is delivered here at once. What is delivered here
    /// later is the same publication, so that it still leaves out whom it should.
    fn publish(&self, name: Arc<str>, publication: Publication) -> Option<Publication>;

    /// Waits until everything that was published before has left, and everything that is
    /// subscribed to arrives here.
    fn flush(&self) -> BoxFuture<'_, ()>;

    /// How long a shutdown waits for [`flush`](Upstream::flush).
    fn patience(&self) -> Duration;

    /// Whether other processes can be reached, as far as is known.
    fn is_up(&self) -> bool;

    /// What was counted so far.
    fn snapshot(&self) -> EngineSnapshot;

    /// Nobody is left who could publish or subscribe.
    fn close(&self);
}

/// What carries channels to other replicas: the engine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EngineSnapshot {
    /// Whether it can be reached, as far as is known.
    pub connected: bool,
    /// Messages that wait or are on their way, and are not known to have arrived there.
    pub queue: usize,
    /// The bytes of their content.
    pub queue_bytes: usize,
    /// Messages that were handed over.
    pub published: u64,
    /// Messages that have come from other replicas.
    pub received: u64,
    /// Messages that other replicas may have missed: they were published while the engine was
    /// away, or on their way when it went.
    pub dropped: u64,
    /// Messages that came and are not this application's.
    pub ignored: u64,
    /// Times that the connection was lost.
    pub outages: u64,
    /// Times that the connection was established again.
    pub reconnects: u64,
    /// Notices to other replicas that they may have missed something.
    pub gaps_sent: u64,
    /// Such notices from other replicas.
    pub gaps_received: u64,
    /// How long the last probe took to the engine and back.
    pub round_trip: Duration,
}

impl EngineSnapshot {
    /// The round trip in microseconds, as it is exported.
    pub(crate) fn round_trip_micros(&self) -> u64 {
        u64::try_from(self.round_trip.as_micros()).unwrap_or(u64::MAX)
    }
}
