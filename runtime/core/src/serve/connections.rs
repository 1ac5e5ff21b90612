//! The connections of a server.

use super::limits::Limits;
use crate::{session::tune, upgrade::DeferredSession};
use axum::{Router, extract::ConnectInfo};
use hyper::{
    body::Incoming,
    http::Request,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto::Builder,
        graceful::{GracefulShutdown, Watcher},
    },
    service::TowerToHyperService,
};
use std::{
    convert::Infallible,
    future::pending,
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    time::sleep,
};

/// Accepts connections, and keeps track of those that it has accepted. When it is dropped, they take
/// no more requests.
pub(super) struct Connections {
    listener: TcpListener,
    server: Arc<Server>,
    open: GracefulShutdown,
}

/// What all connections have in common.
struct Server {
    router: Router,
    builder: Builder<TokioExecutor>,
    limits: Limits,
}

impl Connections {
    pub(super) fn new(listener: TcpListener, router: Router, limits: Limits) -> Self {
        let server = Server {
            // Prepares its routes now instead of at each request.
            router: router.with_state(()),
            builder: builder(limits),
            limits,
        };
        Self {
            listener,
            server: Arc::new(server),
            open: GracefulShutdown::new(),
        }
    }

    /// Accepts connections for as long as it is polled.
    pub(super) async fn take(&self) -> Infallible {
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    tune(&stream);
                    let server = Arc::clone(&self.server);
                    tokio::spawn(server.serve(stream, peer, self.open.watcher()));
                }
                Err(error) if is_of_a_client(&error) => {}
                Err(error) => {
                    // Most likely there are no more file descriptors until a client leaves.
                    tracing::error!(%error, "no connection can be taken, trying again in a second");
                    sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    /// Accepts no more connections, and waits until the requests under way have ended.
    pub(super) async fn finish(self) {
        drop(self.listener);
        self.open.shutdown().await;
    }
}

impl Server {
    async fn serve(self: Arc<Self>, stream: TcpStream, peer: SocketAddr, watcher: Watcher) {
        let has_asked = AtomicBool::new(false);
        let router = TowerToHyperService::new(self.router.clone());
        let service = service_fn(|mut request: Request<Incoming>| {
            has_asked.store(true, Ordering::Relaxed);
            request.extensions_mut().insert(ConnectInfo(peer));
            let session = DeferredSession::expect(&mut request);
            let answer = router.call(request);
            async move {
                let answer = answer.await?;
                session.report(answer.status());
                Ok::<_, Infallible>(answer)
            }
        });
        let io = TokioIo::new(stream);
        let connection = self.builder.serve_connection_with_upgrades(io, service);
        tokio::select! {
            ended = watcher.watch(connection) => if let Err(error) = ended {
                tracing::debug!(%peer, error, "a connection failed");
            },
            () = asks_nothing(self.limits.first_request, &has_asked) => {
                tracing::debug!(%peer, "a connection asked for nothing in time");
            }
        }
    }
}

/// Waits until it is too late for a first request. hyper's limit begins only when it knows the
/// version of HTTP, which a silent client never sends.
async fn asks_nothing(limit: Duration, has_asked: &AtomicBool) {
    sleep(limit).await;
    if has_asked.load(Ordering::Relaxed) {
        pending::<()>().await;
    }
}

fn builder(limits: Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.next_request);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(limits.ping)
        .keep_alive_timeout(limits.pong);
    #[cfg(feature = "http2")]
    builder.http2().enable_connect_protocol();
    builder
}

/// Whether an error concerns only the connection that was about to be accepted.
fn is_of_a_client(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}
