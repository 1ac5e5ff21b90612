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
/// HTTP/1.1 and, with the feature `http2`, HTTP/2 are served, without TLS. It is like
/// [`axum::serve()`], with what sockets need:
///
/// * `TCP_NODELAY`, so that small messages do not wait, and little data that waits in the operating
///   system for a client who reads nothing.
/// * The client's address as [`ConnectInfo`](axum::extract::ConnectInfo).
/// * A shutdown in order.
/// * No connection that is kept for nothing. The head of the first request must be there after 30
///   seconds, over HTTP/1.1 that of each further one 75 seconds after the answer to the one before;
///   over HTTP/2 who is silent for 20 seconds is asked whether he is there, and must answer in 20
///   seconds. How long a handler may take, the body of a request, and a client to take an answer, is up to
///   the application's layers and to a proxy. Once a socket is open, its [`Endpoint`](crate::Endpoint)'s limits hold.
///
/// # Shutdown
///
/// SIGTERM or Ctrl-C begins it, and so does [`Shutdown::begin`]:
///
/// 1. Sessions get [`Event::Shutdown`](crate::Event::Shutdown) and have their
///    [`DRAIN`](crate::Endpoint::DRAIN) to end. Meanwhile connections are still taken, so that a
///    new upgrade is answered with 503 and a load balancer's question with the application's.
/// 2. When no session is left, no more connections are taken. Requests under way may end, up to
///    10 seconds after the beginning of the shutdown, and at least 1 second. Connections that are
///    silent are not waited for.
/// 3. What was published reaches the [engine](crate::Channels#other-processes), where channels have one, so that
///    other replicas hear the goodbyes. That takes no longer than the engine has for any answer.
///
/// While it runs, a second signal ends everything at once: `serve` returns an error, without
/// waiting for sessions or requests. Once it has returned, signals do nothing: tokio keeps its
/// handlers for as long as the process lives. So what `main` does afterwards should be short, or
/// listen to [`tokio::signal`] itself.
///
/// # Errors
///
/// An error of kind [`Interrupted`](io::ErrorKind::Interrupted) after a second signal, which ends
/// everything at once, and the error of the operating system if signals cannot be listened to.
///
/// # Cancel safety
///
/// Dropping the future stops taking connections, and those that are open take no more requests:
/// those under way may end. Sessions go on.
pub async fn serve(listener: TcpListener, router: Router, shutdown: Shutdown) -> io::Result<()> {
    let signals = Signals::listen()?;
    run(listener, router, shutdown, signals, Limits::default()).await
}

/// As [`serve`], with signals that need not come from the operating system, and other limits.
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

/// When requests that are still under way are given up.
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
