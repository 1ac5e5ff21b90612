//! The connections of a server.

use super::{limits::Limits, service::Serves};
use crate::{Shutdown, session::tune, upgrade::DeferredSession};
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderValue, Response, StatusCode, Version, header},
    serve::Listener,
};
use futures_util::FutureExt;
use hyper::{body::Incoming, http::Request, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use std::{
    any::Any,
    convert::Infallible,
    future::{pending, poll_fn},
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::watch::{Receiver, Sender},
    time::{sleep, timeout},
};

/// Accepts connections, and keeps track of those that it has accepted. When it is dropped, they take
/// no more requests.
pub(super) struct Connections<L, S> {
    listener: L,
    service: S,
    server: Arc<Server>,
    accepted: Accepted,
}

/// Connections that were accepted.
pub(super) struct Accepted {
    /// Every connection has a receiver.
    phase: Sender<Phase>,
    /// Every connection has a receiver until its first request.
    fresh: Sender<()>,
    settle: Duration,
}

/// What connections may still do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Anything.
    Open,
    /// Those that have had a request end after it, the others may have one.
    Closing,
    /// No connection takes another request.
    Closed,
}

/// What all connections have in common.
struct Server {
    builder: Builder<TokioExecutor>,
    shutdown: Shutdown,
    limits: Limits,
}

impl<L: Listener<Addr: 'static>, S: Serves> Connections<L, S> {
    pub(super) fn new(listener: L, service: S, shutdown: Shutdown, limits: Limits) -> Self {
        let server = Server {
            builder: builder(limits),
            shutdown,
            limits,
        };
        Self {
            listener,
            service: service.prepared(),
            server: Arc::new(server),
            accepted: Accepted {
                phase: Sender::new(Phase::Open),
                fresh: Sender::new(()),
                settle: limits.settle,
            },
        }
    }

    /// Accepts connections for as long as it is polled.
    pub(super) async fn take(&mut self) -> Infallible {
        loop {
            let (io, addr) = self.listener.accept().await;
            self.admit(io, &addr);
        }
    }

    fn admit(&self, io: L::Io, addr: &L::Addr) {
        if let Some(stream) = any(&io).downcast_ref::<TcpStream>() {
            tune(stream);
        }
        let peer = any(addr).downcast_ref().copied();
        let server = Arc::clone(&self.server);
        let service = self.service.clone();
        let phase = self.accepted.phase.subscribe();
        let fresh = self.accepted.fresh.subscribe();
        tokio::spawn(server.serve(io, peer, service, phase, fresh));
    }

    /// Accepts no more connections.
    pub(super) fn close(mut self) -> Accepted {
        // The operating system has accepted these, and would reset them.
        while let Some((io, addr)) = self.listener.accept().now_or_never() {
            self.admit(io, &addr);
        }
        drop(self.listener);
        self.accepted.phase.send_replace(Phase::Closing);
        self.accepted
    }
}

fn any<T: Any>(value: &T) -> &dyn Any {
    value
}

impl Accepted {
    /// Waits until every connection has had a request, but not for long.
    pub(super) async fn settled(&self) {
        timeout(self.settle, self.fresh.closed()).await.ok();
    }

    /// Lets connections take no more requests, and waits until those under way have ended.
    pub(super) async fn finished(&self) {
        self.phase.send_replace(Phase::Closed);
        self.phase.closed().await;
    }
}

impl Server {
    async fn serve<I, S>(
        self: Arc<Self>,
        io: I,
        peer: Option<SocketAddr>,
        service: S,
        mut phase: Receiver<Phase>,
        fresh: Receiver<()>,
    ) where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        S: Serves,
    {
        let has_asked = AtomicBool::new(false);
        let (asked, server) = (&has_asked, Arc::clone(&self));
        let service = service_fn(move |mut request: Request<Incoming>| {
            asked.store(true, Ordering::Relaxed);
            let session = DeferredSession::expect(&mut request);
            let version = request.version();
            let response = service.clone().answer(with_peer(request, peer));
            let server = Arc::clone(&server);
            async move {
                let mut response = response.await;
                session.report(response.status());
                server.finish(&mut response, version);
                Ok::<_, Infallible>(response)
            }
        });
        let io = TokioIo::new(io);
        let mut connection = pin!(self.builder.serve_connection_with_upgrades(io, service));
        // The service runs inside of the connection, so what is polled after it sees `has_asked`.
        let mut silent = pin!(asks_nothing(self.limits.first_request, &has_asked, fresh));
        let mut must_end = pin!(must_end(&mut phase, &has_asked).fuse());
        let ended = poll_fn(|cx| {
            if let Poll::Ready(ended) = connection.as_mut().poll(cx) {
                return Poll::Ready(Some(ended));
            }
            if must_end.as_mut().poll(cx).is_ready() {
                connection.as_mut().graceful_shutdown();
                cx.waker().wake_by_ref();
            }
            silent.as_mut().poll(cx).map(|()| None)
        });
        let ended = ended.await;
        let peer = peer.map(tracing::field::display);
        match ended {
            Some(Ok(())) => {}
            Some(Err(error)) => tracing::debug!(peer, error, "a connection failed"),
            None => tracing::debug!(peer, "a connection asked for nothing in time"),
        }
    }

    /// Ends the connection with this response if the next request should go to another replica.
    fn finish<B>(&self, response: &mut Response<B>, version: Version) {
        let is_http1 = version <= Version::HTTP_11;
        let is_socket = response.status() == StatusCode::SWITCHING_PROTOCOLS;
        if is_http1 && !is_socket && self.shutdown.is_announced() {
            let close = HeaderValue::from_static("close");
            response.headers_mut().append(header::CONNECTION, close);
        }
    }
}

/// A request, with the address that it comes from.
fn with_peer(request: Request<Incoming>, peer: Option<SocketAddr>) -> Request<Body> {
    let mut request = request.map(Body::new);
    if let Some(peer) = peer {
        request.extensions_mut().insert(ConnectInfo(peer));
    }
    request
}

/// Waits until it is too late for a first request. hyper's limit begins only when it knows the
/// version of HTTP, which a silent client never sends.
async fn asks_nothing(limit: Duration, has_asked: &AtomicBool, fresh: Receiver<()>) {
    let mut limit = pin!(sleep(limit));
    let asked = poll_fn(|cx| {
        if has_asked.load(Ordering::Relaxed) {
            Poll::Ready(true)
        } else {
            limit.as_mut().poll(cx).map(|()| false)
        }
    });
    if asked.await {
        drop(fresh);
        pending::<()>().await;
    }
}

/// Waits until a connection must take no more requests.
async fn must_end(phase: &mut Receiver<Phase>, has_asked: &AtomicBool) {
    // An error: the server was dropped.
    phase.wait_for(|phase| *phase != Phase::Open).await.ok();
    let mut closed = pin!(phase.wait_for(|phase| *phase == Phase::Closed));
    poll_fn(|cx| {
        if has_asked.load(Ordering::Relaxed) {
            Poll::Ready(())
        } else {
            closed.as_mut().poll(cx).map(drop)
        }
    })
    .await;
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
