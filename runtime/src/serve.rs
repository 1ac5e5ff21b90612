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
/// As with `axum::serve`, a client may take its time over the head of its request: a proxy in front
/// sets a limit to that. Once a socket is open, the [`Endpoint`](crate::Endpoint)'s limits hold.
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
    use std::{io, net::SocketAddr, sync::Arc, time::Duration};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
        sync::{Notify, mpsc},
        task::JoinHandle,
        time::timeout,
    };

    /// Longer than any test may take.
    const HOUR: Duration = Duration::from_hours(1);

    /// After this long a test fails instead of hanging.
    const PATIENCE: Duration = Duration::from_secs(20);

    struct Server {
        addr: SocketAddr,
        shutdown: Shutdown,
        signals: mpsc::Sender<()>,
        /// Ends a request to `/slow`.
        go: Arc<Notify>,
        /// Tells that a request has come.
        requests: mpsc::UnboundedReceiver<()>,
        ended: JoinHandle<io::Result<()>>,
    }

    impl Server {
        async fn start(limit: Duration) -> Self {
            let go = Arc::new(Notify::new());
            let gate = Arc::clone(&go);
            let (come, requests) = mpsc::unbounded_channel();
            let slow = async move || {
                come.send(()).unwrap();
                gate.notified().await;
                "done"
            };
            let router = Router::new()
                .route("/quick", get(async || "done"))
                .route("/slow", get(slow));
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let addr = listener.local_addr().unwrap();
            let shutdown = AppState::new().shutdown();
            let (signals, receiver) = mpsc::channel(1);
            let signals_of_test = Signals::from(receiver);
            let server = run(listener, router, shutdown.clone(), signals_of_test, limit);
            Self {
                addr,
                shutdown,
                signals,
                go,
                requests,
                ended: tokio::spawn(server),
            }
        }

        async fn request(&self, path: &str) -> TcpStream {
            let mut stream = TcpStream::connect(self.addr).await.unwrap();
            let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
            stream.write_all(request.as_bytes()).await.unwrap();
            stream
        }

        /// A request that is under way.
        async fn slow_request(&mut self) -> TcpStream {
            let stream = self.request("/slow").await;
            self.requests.recv().await.unwrap();
            stream
        }

        /// Waits until it takes no more connections: then all that is left are requests.
        async fn stops_listening(&self) {
            let refused = async { while TcpStream::connect(self.addr).await.is_ok() {} };
            timeout(PATIENCE, refused)
                .await
                .expect("no more connections");
        }

        /// How the server ends: by itself, long before the requests' time is over.
        async fn ends(self) -> io::Result<()> {
            let ended = timeout(PATIENCE, self.ended).await;
            ended.expect("the server ends").unwrap()
        }
    }

    #[tokio::test]
    async fn silent_connections_do_not_delay_the_end() {
        let server = Server::start(HOUR).await;
        let _silent = TcpStream::connect(server.addr).await.unwrap();
        let mut kept_alive = server.request("/quick").await;
        let read = kept_alive.read(&mut [0; 1024]).await.unwrap();
        assert!(read > 0);
        server.signals.send(()).await.unwrap();
        server.ends().await.unwrap();
    }

    #[tokio::test]
    async fn requests_under_way_may_end() {
        let mut server = Server::start(HOUR).await;
        let mut slow = server.slow_request().await;
        server.shutdown.begin();
        server.stops_listening().await;
        assert!(!server.ended.is_finished());
        server.go.notify_one();
        server.ends().await.unwrap();
        let mut response = String::new();
        slow.read_to_string(&mut response).await.unwrap();
        assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    }

    #[tokio::test]
    async fn requests_that_never_end_are_cut() {
        let mut server = Server::start(Duration::from_millis(10)).await;
        let _never = server.slow_request().await;
        server.shutdown.begin();
        server.ends().await.unwrap();
    }

    #[tokio::test]
    async fn a_second_signal_ends_at_once() {
        let mut server = Server::start(HOUR).await;
        let _never = server.slow_request().await;
        server.signals.send(()).await.unwrap();
        server.signals.send(()).await.unwrap();
        let error = server.ends().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::Interrupted);
    }

    #[tokio::test]
    async fn the_first_signal_does_not_end_a_shutdown_begun_otherwise() {
        let mut server = Server::start(HOUR).await;
        let mut slow = server.slow_request().await;
        server.shutdown.begin();
        server.stops_listening().await;
        server.signals.send(()).await.unwrap();
        server.go.notify_one();
        server.ends().await.unwrap();
        assert!(slow.read(&mut [0; 1024]).await.unwrap() > 0);
    }
}
