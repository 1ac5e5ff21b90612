//! Running an application.

use crate::{CancellationToken, Shutdown, signals::Signals};
use axum::{Router, serve::ListenerExt};
use std::{future::IntoFuture, io, net::SocketAddr, pin::pin, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    time::{Instant, timeout_at},
};

/// How long plain HTTP requests may take after the beginning of the shutdown.
const REQUESTS: Duration = Duration::from_secs(10);

/// How long they may take at least after the sessions are gone.
const LAST_REQUESTS: Duration = Duration::from_secs(1);

/// Serves an application until it is shut down.
///
/// It is [`axum::serve`] with what sockets need: `TCP_NODELAY`, so that small messages do not
/// wait; the client's address as [`ConnectInfo`](axum::extract::ConnectInfo); and a shutdown in
/// order. HTTP/1.1 and, with the feature `http2`, HTTP/2 are served, without TLS.
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
///
/// # Errors
///
/// An error of kind [`Interrupted`](io::ErrorKind::Interrupted) after a second signal, which ends
/// everything at once, and the error of the operating system if signals cannot be listened to.
///
/// # Cancel safety
///
/// Dropping the future stops taking connections, and those that are open take no more requests.
/// Sessions go on.
pub async fn serve(listener: TcpListener, router: Router, shutdown: Shutdown) -> io::Result<()> {
    run(listener, router, shutdown, Signals::listen()?).await
}

/// As [`serve`], with signals that need not come from the operating system.
pub(crate) async fn run(
    listener: TcpListener,
    router: Router,
    shutdown: Shutdown,
    mut signals: Signals,
) -> io::Result<()> {
    let stop = CancellationToken::new();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener.tap_io(set_nodelay), service)
        .with_graceful_shutdown(stop.clone().cancelled_owned())
        .into_future();
    let mut server = pin!(server);

    tokio::select! {
        ended = &mut server => return ended,
        () = shutdown.cancelled() => {}
        () = signals.first() => {}
    }
    tracing::info!("shutting down");
    tokio::select! {
        ended = &mut server => return ended,
        () = shutdown.drained() => {}
        () = signals.second() => return Err(interrupted()),
    }
    stop.cancel();
    tokio::select! {
        ended = timeout_at(deadline(&shutdown), server) => ended.unwrap_or_else(|_| {
            tracing::warn!("the shutdown cut requests that were still under way");
            Ok(())
        }),
        () = signals.second() => Err(interrupted()),
    }
}

/// When requests that are still under way are given up.
fn deadline(shutdown: &Shutdown) -> Instant {
    let now = Instant::now();
    let begun = shutdown.begun().unwrap_or(now);
    (begun + REQUESTS).max(now + LAST_REQUESTS)
}

fn set_nodelay(stream: &mut TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY is not set");
    }
}

fn interrupted() -> io::Error {
    let text = "a second signal ended the shutdown before it was done";
    io::Error::new(io::ErrorKind::Interrupted, text)
}
