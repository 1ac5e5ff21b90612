//! Running an application.

mod connections;
mod limits;
mod readiness;
mod signals;

pub use self::readiness::{Readiness, ready};

pub(crate) use self::{limits::Limits, signals::Signals};

use self::connections::Connections;
use crate::Shutdown;
use axum::Router;
use std::io;
use tokio::{
    net::TcpListener,
    time::{Instant, timeout_at},
};

/// Serves an application until it is shut down.
///
/// It serves HTTP/1.1 and, with the feature `http2`, HTTP/2, without TLS. It is like
/// [`axum::serve()`], with what sockets need:
///
/// * `TCP_NODELAY`, so that small messages do not wait, and a small send buffer, so that little data
///   waits for a client that does not read.
/// * The client's address as [`ConnectInfo`](axum::extract::ConnectInfo).
/// * A shutdown in order.
/// * Limits for unused connections. The head of the first request must arrive within 30 seconds and,
///   over HTTP/1.1, the head of each further request within 75 seconds of the last response. Over
///   HTTP/2, a client that is silent for 20 seconds is pinged, and must answer within 20 seconds.
///   The time for a handler, the body of a request and the sending of a response is up to the
///   application's layers and to a proxy. When a socket is open, the limits of its
///   [`Endpoint`](crate::Endpoint) apply.
///
/// # Shutdown
///
/// SIGTERM or Ctrl-C begins it, and so does [`Shutdown::begin`]:
///
/// 1. Sessions get [`Event::Shutdown`](crate::Event::Shutdown) and have their
///    [`DRAIN`](crate::Endpoint::DRAIN) to end. In the meantime connections are still accepted, so
///    that new upgrades get 503 and load balancers get the application's readiness.
/// 2. When no session is left, no more connections are accepted. Requests under way may end, up to
///    10 seconds after the beginning of the shutdown, and at least for 1 second. Idle connections
///    are closed.
/// 3. Everything that was published reaches the [engine](crate::Channels#other-processes), if
///    channels have one, so that other replicas hear the goodbyes. That takes no longer than the
///    engine has for any answer.
///
/// While it runs, a second signal ends everything at once: `serve` returns an error, without
/// waiting for sessions or requests. After it has returned, signals do nothing, because tokio keeps
/// its handlers for as long as the process lives. So whatever `main` does afterwards should be short,
/// or listen to [`tokio::signal`] itself.
///
/// # Errors
///
/// An error of kind [`Interrupted`](io::ErrorKind::Interrupted) after a second signal, and the error
/// of the operating system if it is not possible to listen to signals.
///
/// # Cancel safety
///
/// Dropping the future stops accepting connections, and open connections take no more requests;
/// requests under way may end. Sessions continue.
pub async fn serve(listener: TcpListener, router: Router, shutdown: Shutdown) -> io::Result<()> {
    let signals = Signals::listen()?;
    run(listener, router, shutdown, signals, Limits::default()).await
}

/// As [`serve`], with any source of signals, and any limits.
pub(crate) async fn run(
    listener: TcpListener,
    router: Router,
    shutdown: Shutdown,
    mut signals: Signals,
    limits: Limits,
) -> io::Result<()> {
    let connections = Connections::new(listener, router, limits);
    tokio::select! {
        never = connections.take() => match never {},
        () = shutdown.cancelled() => {}
        () = signals.first() => {}
    }
    tracing::info!("shutting down");
    tokio::select! {
        never = connections.take() => match never {},
        () = shutdown.drained() => {}
        () = signals.second() => return Err(interrupted()),
    }
    let end = async {
        let deadline = deadline(&shutdown, limits);
        if timeout_at(deadline, connections.finish()).await.is_err() {
            tracing::warn!("the shutdown cut requests that were still under way");
        }
        shutdown.flushed().await;
    };
    tokio::select! {
        () = end => Ok(()),
        () = signals.second() => Err(interrupted()),
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

#[cfg(test)]
mod tests;
