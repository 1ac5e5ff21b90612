//! Channels that stand on an engine.

use super::{Engine, EngineError, Options, link::Link, outbox::Outbox};
use crate::{Channels, sync::Arc};
use std::{
    hash::{BuildHasher, RandomState},
    process,
    time::{Duration, SystemTime},
};
use tokio::{sync::oneshot, time::timeout};

impl Channels {
    /// Makes channels that all processes share that are connected to the same [engine](crate::engine).
    ///
    /// It returns when the engine has answered. While it cannot be reached it is tried again and
    /// again, with a warning in the log each time: [`tokio::time::timeout`] bounds that. The
    /// connection is kept by a task of the present tokio runtime, for as long as there are clones
    /// of these channels. What the engine has not taken when the last one goes is lost:
    /// [`flush`](Channels::flush) comes before that.
    ///
    /// # Errors
    ///
    /// When the engine refuses: a login is wrong, or something is missing there that is needed.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub async fn over(engine: impl Engine, options: Options) -> Result<Self, EngineError> {
        let outbox = Arc::new(Outbox::new(origin(), &options));
        let channels = Self::shared(Arc::clone(&outbox));
        let registry = Arc::downgrade(channels.registry());
        let (start, started) = oneshot::channel();
        tokio::spawn(Link::new(engine, options, outbox, registry, start).run());
        match started.await {
            Ok(Ok(())) => Ok(channels),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(EngineError::away("the runtime is shutting down")),
        }
    }

    /// Waits until everything that was published before has reached the engine, and everything
    /// that is subscribed to arrives from there, but at most so long. Answers whether it did.
    ///
    /// Channels without an engine have nothing to wait for. [`serve`](crate::serve()) does this at
    /// the end of the shutdown.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future stops the waiting only.
    pub async fn flush(&self, limit: Duration) -> bool {
        match self.outbox() {
            Some(outbox) => timeout(limit, outbox.flush()).await.is_ok(),
            None => true,
        }
    }

    /// Whether other processes can be reached, as far as is known. Channels without an engine have
    /// none to reach.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.outbox().is_none_or(|outbox| outbox.is_up())
    }

    /// How many messages of other processes have come.
    #[cfg(feature = "testing")]
    pub(crate) fn received(&self) -> u64 {
        self.outbox()
            .map_or(0, |outbox| outbox.counters().received.get())
    }
}

/// A number that no other process has, and no other start of this one.
fn origin() -> u64 {
    let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    RandomState::new().hash_one((process::id(), time.ok()))
}
