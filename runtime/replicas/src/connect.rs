//! Channels over an engine.

use crate::{Engine, EngineError, Options, link::Link, outbox::Outbox};
use autumn_ws_core::{Channels, upstream::Upstream};
use std::{
    hash::{BuildHasher, RandomState},
    process,
    sync::Arc,
    time::SystemTime,
};
use tokio::sync::oneshot;

/// Makes channels that are shared by all processes connected to the same engine.
///
/// Returns when the engine has answered. While the engine cannot be reached, it keeps trying, with
/// a warning in the log for each attempt; [`tokio::time::timeout`] limits that. A task of the
/// current tokio runtime keeps the connection for as long as there are clones of these channels.
/// What the engine has not taken when the last clone is dropped is lost: call
/// [`flush`](Channels::flush) first.
///
/// # Errors
///
/// If the engine refuses: the login is wrong, or the server lacks something.
///
/// # Panics
///
/// Outside of a tokio runtime.
pub async fn connect(engine: impl Engine, options: Options) -> Result<Channels, EngineError> {
    let outbox = Arc::new(Outbox::new(replica_id(), &options));
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

/// A number that no other process has, nor an earlier start of this one.
fn replica_id() -> u64 {
    let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    RandomState::new().hash_one((process::id(), time.ok()))
}
