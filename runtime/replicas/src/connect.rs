//! Channels that stand on an engine.

use crate::{Engine, EngineError, Options, link::Link, outbox::Outbox};
use autumn_ws_core::{Channels, upstream::Upstream};
use std::{
    hash::{BuildHasher, RandomState},
    process,
    sync::Arc,
    time::SystemTime,
};
use tokio::sync::oneshot;

/// Makes channels that all processes share that are connected to the same engine.
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
pub async fn connect(engine: impl Engine, options: Options) -> Result<Channels, EngineError> {
    let outbox = Arc::new(Outbox::new(origin(), &options));
    let upstream: Arc<dyn Upstream> = Arc::clone(&outbox) as _;
    let channels = Channels::with_upstream(upstream);
    let downstream = channels.downstream();
    let (start, started) = oneshot::channel();
    tokio::spawn(Link::new(engine, options, outbox, downstream, start).run());
    match started.await {
        Ok(Ok(())) => Ok(channels),
        Ok(Err(error)) => Err(error),
        Err(_) => Err(EngineError::away("the runtime is shutting down")),
    }
}

/// A number that no other process has, and no other start of this one.
fn origin() -> u64 {
    let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    RandomState::new().hash_one((process::id(), time.ok()))
}
