//! A server's life.

use super::{
    Limits, Settings, Signals, connections::Connections, service::Serves, signals::Signal,
};
use crate::Shutdown;
use axum::serve::Listener;
use std::io;
use tokio::time::{Instant, timeout_at};

/// Serves until it is shut down, with any source of signals.
pub(crate) async fn run<L: Listener<Addr: 'static>, S: Serves>(
    listener: L,
    service: S,
    shutdown: Shutdown,
    mut signals: Signals,
    settings: Settings,
) -> io::Result<()> {
    let limits = settings.limits;
    shutdown.will_linger(limits.linger);
    let mut connections = Connections::new(listener, service, shutdown.clone(), settings);
    let settle = tokio::select! {
        never = connections.take() => match never {},
        () = shutdown.cancelled() => false,
        left = leave(&mut signals, &shutdown, limits) => left?,
    };
    tracing::info!("shutting down");
    let closed = connections.close();
    let end = async {
        if settle {
            closed.settled().await;
        }
        shutdown.drained().await;
        let deadline = deadline(&shutdown, limits);
        if timeout_at(deadline, closed.finished()).await.is_err() {
            tracing::warn!("the shutdown cut requests that were still under way");
        }
        shutdown.flushed().await;
    };
    tokio::select! {
        () = end => Ok(()),
        () = signals.second() => Err(interrupted()),
    }
}

/// Waits for a signal, and lingers. Returns whether connections that were accepted last should have
/// a moment: a person who pressed Ctrl-C waits for nothing.
async fn leave(signals: &mut Signals, shutdown: &Shutdown, limits: Limits) -> io::Result<bool> {
    match signals.first().await {
        Signal::Interrupt => Ok(false),
        Signal::Terminate => tokio::select! {
            () = shutdown.linger(limits.linger) => Ok(true),
            () = signals.second() => Err(interrupted()),
        },
    }
}

/// When requests that are still under way are cut off.
fn deadline(shutdown: &Shutdown, limits: Limits) -> Instant {
    let now = Instant::now();
    let begun = shutdown.begun().unwrap_or(now);
    (begun + limits.requests).max(now + limits.last_requests)
}

fn interrupted() -> io::Error {
    let text = "a second signal ended the shutdown before it was done";
    io::Error::new(io::ErrorKind::Interrupted, text)
}
