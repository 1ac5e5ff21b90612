//! One connection of a server.

use super::{
    limits::Limits,
    membership::{Membership, Phase},
    proxy_protocol,
    service::Serves,
    settings::Settings,
};
use crate::{
    Bytes, Shutdown,
    time::after,
    upgrade::DeferredSession,
    warnings::Warnings,
    watched::{Progress, Watched},
};
use axum::{
    body::{Body, HttpBody},
    extract::ConnectInfo,
    http::{HeaderValue, StatusCode, Version, header},
    response::Response,
};
use futures_util::FutureExt;
use hyper::{
    body::{Frame, Incoming, SizeHint},
    http::Request,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use std::{
    convert::Infallible,
    future::poll_fn,
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch::Receiver,
    time::{Instant, Sleep, sleep, timeout},
};
use tracing::field::display;

/// What all connections have in common.
pub(super) struct Server {
    builder: Builder<TokioExecutor>,
    shutdown: Shutdown,
    settings: Settings,
    /// About connections without a header of the PROXY protocol.
    warnings: Warnings,
}

impl Server {
    pub(super) fn new(shutdown: Shutdown, settings: Settings) -> Self {
        Self {
            builder: builder(settings.limits),
            shutdown,
            settings,
            warnings: Warnings::default(),
        }
    }

    pub(super) async fn serve<I, S>(
        self: Arc<Self>,
        mut io: I,
        peer: Option<SocketAddr>,
        service: S,
        mut member: Membership,
    ) where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        S: Serves,
    {
        let progress = Progress::default();
        let mut must_end = pin!(must_end(&mut member.phase, member.open, &progress).fuse());
        let client = tokio::select! {
            client = self.client(&mut io, peer) => client,
            () = &mut must_end => return,
        };
        let peer = match client {
            Ok(client) => client,
            Err(error) => return self.note_header_error(peer, &error),
        };
        let io = TokioIo::new(Watched::new(io, progress.clone()));
        let service = Arc::clone(&self).answering(peer, service, progress.clone());
        let mut connection = pin!(self.builder.serve_connection_with_upgrades(io, service));
        // The service runs inside of the connection, so what is polled after it sees its progress.
        let limit = self.settings.limits.header;
        let mut too_slow = pin!(too_slow(limit, &progress));
        let ended = poll_fn(|cx| {
            if let Poll::Ready(ended) = connection.as_mut().poll(cx) {
                return Poll::Ready(Some(ended));
            }
            if must_end.as_mut().poll(cx).is_ready() {
                if progress.awaits_head() {
                    return Poll::Ready(None);
                }
                connection.as_mut().graceful_shutdown();
                cx.waker().wake_by_ref();
            }
            too_slow.as_mut().poll(cx).map(|()| None)
        });
        let ended = ended.await;
        let peer = peer.map(display);
        match ended {
            Some(Ok(())) => {}
            Some(Err(error)) => tracing::debug!(peer, error, "a connection failed"),
            None => tracing::debug!(peer, "a request did not arrive in time"),
        }
    }

    /// The address of the client behind a connection, after the header that names it, if a proxy
    /// sends one.
    async fn client(
        &self,
        io: &mut (impl AsyncRead + Unpin),
        peer: Option<SocketAddr>,
    ) -> io::Result<Option<SocketAddr>> {
        if !self.settings.expects_header_from(peer) {
            return Ok(peer);
        }
        let header = proxy_protocol::read_header(io);
        let client = timeout(self.settings.limits.header, header).await??;
        Ok(client.or(peer))
    }

    fn note_header_error(&self, peer: Option<SocketAddr>, error: &io::Error) {
        let peer = peer.map(display);
        if error.kind() == io::ErrorKind::UnexpectedEof {
            // A load balancer that only looks whether the port is open.
            tracing::debug!(peer, %error, "a connection ended before the header of the PROXY protocol");
        } else if let Some(left_out) = self.warnings.next() {
            tracing::warn!(peer, %error, left_out, "a connection has no header of the PROXY protocol");
        }
    }

    /// The service of one connection.
    fn answering<S: Serves>(
        self: Arc<Self>,
        peer: Option<SocketAddr>,
        service: S,
        progress: Progress,
    ) -> impl Service<
        Request<Incoming>,
        Response = Response<Answer>,
        Error = Infallible,
        Future: Send + 'static,
    > {
        service_fn(move |mut request: Request<Incoming>| {
            progress.asked();
            let session = DeferredSession::expect(&mut request);
            let version = request.version();
            let response = service.clone().answer(with_peer(request, peer));
            let server = Arc::clone(&self);
            let progress = progress.clone();
            async move {
                let mut response = response.await;
                session.report(response.status());
                server.finish(&mut response, version);
                // Over HTTP/2 there may be other requests.
                let progress = (version <= Version::HTTP_11).then_some(progress);
                Ok(response.map(|body| Answer { body, progress }))
            }
        })
    }

    /// Ends the connection with this response if the next request should go to another replica.
    fn finish(&self, response: &mut Response, version: Version) {
        let is_http1 = version <= Version::HTTP_11;
        let is_socket = response.status() == StatusCode::SWITCHING_PROTOCOLS;
        if is_http1 && !is_socket && self.shutdown.is_announced() {
            let close = HeaderValue::from_static("close");
            response.headers_mut().append(header::CONNECTION, close);
        }
    }
}

/// The body of a response, which notes that it was sent.
struct Answer {
    body: Body,
    progress: Option<Progress>,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        if let Some(progress) = &self.progress {
            progress.answered();
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

/// Waits until a request's head does not arrive in time: that of the first request, from the
/// beginning on, and that of a further one, from its first byte on. hyper's limit for heads includes
/// the time between requests, and begins only when it knows the version of HTTP, which a silent
/// client never sends.
async fn too_slow(limit: Duration, progress: &Progress) {
    let mut limit_over = pin!(sleep(limit));
    if is_over_first(limit_over.as_mut(), || !progress.is_fresh()).await {
        return;
    }
    loop {
        poll_fn(|_| ready_if(progress.is_in_head())).await;
        limit_over.as_mut().reset(after(Instant::now(), limit));
        if is_over_first(limit_over.as_mut(), || !progress.is_in_head()).await {
            return;
        }
    }
}

/// Waits for the end of a time or for a condition. Returns whether the time was over first.
async fn is_over_first(mut time: Pin<&mut Sleep>, condition: impl Fn() -> bool) -> bool {
    poll_fn(|cx| {
        if condition() {
            return Poll::Ready(false);
        }
        time.as_mut().poll(cx).map(|()| true)
    })
    .await
}

fn ready_if(condition: bool) -> Poll<()> {
    if condition {
        Poll::Ready(())
    } else {
        Poll::Pending
    }
}

/// Waits until a connection must take no more requests. If it still waits for a head then, that is
/// not a request under way.
async fn must_end(phase: &mut Receiver<Phase>, open: Receiver<()>, progress: &Progress) {
    // An error: the server was dropped.
    phase.wait_for(|phase| *phase != Phase::Open).await.ok();
    let mut closed = pin!(phase.wait_for(|phase| *phase == Phase::Closed));
    poll_fn(|cx| {
        if progress.awaits_head() {
            closed.as_mut().poll(cx).map(drop)
        } else {
            Poll::Ready(())
        }
    })
    .await;
    drop(open);
}

/// hyper adds its limits to the time of day, which has an end.
const YEAR: Duration = Duration::from_hours(365 * 24);

fn builder(limits: Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.keep_alive.min(YEAR));
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(limits.ping)
        .keep_alive_timeout(limits.pong);
    #[cfg(feature = "http2")]
    builder.http2().enable_connect_protocol();
    builder
}
