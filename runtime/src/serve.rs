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
/// It is [`axum::serve()`] with what sockets need: `TCP_NODELAY`, so that small messages do not
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
    run(listener, router, shutdown, Signals::listen()?, REQUESTS).await
}

/// As [`serve`], with signals that need not come from the operating system, and another time for
/// the requests that are under way.
pub(crate) async fn run(
    listener: TcpListener,
    router: Router,
    shutdown: Shutdown,
    mut signals: Signals,
    requests: Duration,
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
        ended = timeout_at(deadline(&shutdown, requests), server) => ended.unwrap_or_else(|_| {
            tracing::warn!("the shutdown cut requests that were still under way");
            Ok(())
        }),
        () = signals.second() => Err(interrupted()),
    }
}

/// When requests that are still under way are given up.
fn deadline(shutdown: &Shutdown, requests: Duration) -> Instant {
    let now = Instant::now();
    let begun = shutdown.begun().unwrap_or(now);
    (begun + requests).max(now + LAST_REQUESTS.min(requests))
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

#[cfg(test)]
mod tests {
    use super::run;
    use crate::{AppState, Shutdown, signals::Signals};
    use axum::{Router, routing::get};
    use std::{future::pending, io, net::SocketAddr, time::Duration};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
        sync::mpsc,
        task::JoinHandle,
        time::{Instant, sleep},
    };

    const SECOND: Duration = Duration::from_secs(1);

    struct Server {
        addr: SocketAddr,
        shutdown: Shutdown,
        signals: mpsc::Sender<()>,
        ended: JoinHandle<io::Result<()>>,
    }

    impl Server {
        async fn start(requests: Duration) -> Self {
            let router = Router::new()
                .route("/quick", get(async || "done"))
                .route("/slow", get(async || sleep(SECOND / 5).await))
                .route("/never", get(async || pending::<()>().await));
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let addr = listener.local_addr().unwrap();
            let shutdown = AppState::new().shutdown();
            let (signals, receiver) = mpsc::channel(1);
            let server = run(
                listener,
                router,
                shutdown.clone(),
                Signals::from(receiver),
                requests,
            );
            Self {
                addr,
                shutdown,
                signals,
                ended: tokio::spawn(server),
            }
        }

        async fn request(&self, path: &str) -> TcpStream {
            let mut stream = TcpStream::connect(self.addr).await.unwrap();
            let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
            stream.write_all(request.as_bytes()).await.unwrap();
            // Long enough to arrive.
            sleep(SECOND / 20).await;
            stream
        }

        /// How long the server takes to end, and how it does.
        async fn ends(self) -> (Duration, io::Result<()>) {
            let from = Instant::now();
            let ended = self.ended.await.unwrap();
            (from.elapsed(), ended)
        }
    }

    #[tokio::test]
    async fn silent_connections_do_not_delay_the_end() {
        let server = Server::start(10 * SECOND).await;
        let _silent = TcpStream::connect(server.addr).await.unwrap();
        let mut kept_alive = server.request("/quick").await;
        let read = kept_alive.read(&mut [0; 1024]).await.unwrap();
        assert!(read > 0);
        server.signals.send(()).await.unwrap();
        let (time, ended) = server.ends().await;
        ended.unwrap();
        assert!(time < SECOND, "{time:?}");
    }

    #[tokio::test]
    async fn requests_under_way_may_end() {
        let server = Server::start(10 * SECOND).await;
        let mut slow = server.request("/slow").await;
        server.shutdown.begin();
        let (_, ended) = server.ends().await;
        ended.unwrap();
        let mut response = String::new();
        slow.read_to_string(&mut response).await.unwrap();
        assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    }

    #[tokio::test]
    async fn requests_that_never_end_are_cut() {
        let server = Server::start(SECOND / 5).await;
        let _never = server.request("/never").await;
        server.shutdown.begin();
        let (time, ended) = server.ends().await;
        ended.unwrap();
        assert!(time > SECOND / 10 && time < SECOND, "{time:?}");
    }

    #[tokio::test]
    async fn a_second_signal_ends_at_once() {
        let server = Server::start(10 * SECOND).await;
        let _never = server.request("/never").await;
        server.signals.send(()).await.unwrap();
        server.signals.send(()).await.unwrap();
        let (time, ended) = server.ends().await;
        assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::Interrupted);
        assert!(time < SECOND, "{time:?}");
    }

    #[tokio::test]
    async fn the_first_signal_does_not_end_a_shutdown_begun_otherwise() {
        let server = Server::start(SECOND / 5).await;
        let _never = server.request("/never").await;
        server.shutdown.begin();
        server.signals.send(()).await.unwrap();
        let (_, ended) = server.ends().await;
        ended.unwrap();
    }
}
