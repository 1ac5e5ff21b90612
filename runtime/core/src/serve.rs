//! Running an application.

mod connections;
mod limits;
mod readiness;
mod run;
mod service;
mod signals;

pub use self::readiness::{Readiness, ready};

pub(crate) use self::{limits::Limits, run::run, signals::Signals};

use crate::{Bytes, Shutdown};
use axum::{body::HttpBody, extract::Request, http::Response, serve::Listener};
use futures_util::{FutureExt, future::BoxFuture};
use std::{
    convert::Infallible,
    error::Error,
    fmt, io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tower_service::Service;

/// Serves an application until it is shut down: await what this returns.
///
/// It takes every listener that [`axum::serve()`] takes, such as a
/// [`TcpListener`](tokio::net::TcpListener) or a `UnixListener`, and a [`Router`](axum::Router), or
/// what layers around one make of it, such as tower-http's `NormalizePath`. It serves HTTP/1.1 and,
/// with the feature `http2`, HTTP/2, without TLS. It is like `axum::serve`, with what sockets need:
///
/// * `TCP_NODELAY`, so that small messages do not wait, and a small send buffer, so that little data
///   waits for a client that does not read.
/// * The client's address as [`ConnectInfo<SocketAddr>`](axum::extract::ConnectInfo), unless the
///   listener has other addresses.
/// * A shutdown in order.
/// * Limits for unused connections. The head of the first request must arrive within 30 seconds and,
///   over HTTP/1.1, the head of each further request within 75 seconds of the last response. Over
///   HTTP/2, a client that is silent for 20 seconds is pinged, and must answer within 20 seconds.
///   The time for a handler, the body of a request and the sending of a response is up to the
///   application's layers and to a proxy. When a socket is open, the limits of its
///   [`Endpoint`](crate::Endpoint) apply.
///
/// ```no_run
/// # async fn serve(app: axum::Router, state: autumn_ws::AppState) -> std::io::Result<()> {
/// use std::time::Duration;
///
/// let listener = tokio::net::TcpListener::bind("0.0.0.0:3000").await?;
/// autumn_ws::serve(listener, app, state.shutdown())
///     .linger(Duration::from_secs(5))
///     .await
/// # }
/// ```
///
/// # Shutdown
///
/// SIGTERM begins it:
///
/// 1. With [`linger`](Serve::linger), [readiness](Readiness) is 503 for this long while everything
///    works as before, so that load balancers send no more clients.
/// 2. The port is closed: new connections are refused, so a load balancer that has not noticed tries
///    another replica. Connections that were accepted last have a second to send their request,
///    requests under way are answered, and idle connections are closed.
/// 3. Sessions get [`Event::Shutdown`](crate::Event::Shutdown) and have their
///    [`DRAIN`](crate::Endpoint::DRAIN) to end. Requests may take until 10 seconds after the sessions
///    were notified, and at least until 1 second after the last session has ended.
/// 4. Everything that was published reaches the [engine](crate::Channels#other-processes), if
///    channels have one, so that other replicas hear the goodbyes. That takes no longer than the
///    engine has for any answer.
///
/// Ctrl-C and [`Shutdown::begin`] begin it without lingering.
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
pub fn serve<L, S, B>(listener: L, service: S, shutdown: Shutdown) -> Serve
where
    L: Listener<Addr: 'static>,
    S: Service<Request, Response = Response<B>, Error = Infallible, Future: Send>,
    S: Clone + Send + 'static,
    B: HttpBody<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    let start = |limits| {
        let serving = async move {
            let signals = Signals::listen()?;
            run(listener, service, shutdown, signals, limits).await
        };
        serving.boxed()
    };
    Serve {
        limits: Limits::default(),
        stage: Stage::Ready(Box::new(start)),
    }
}

/// A server that [`serve`] has made: a future that runs it. Its methods change what an operator may
/// want to change.
#[must_use = "a server does nothing unless it is awaited"]
pub struct Serve {
    limits: Limits,
    stage: Stage,
}

enum Stage {
    Ready(Box<dyn FnOnce(Limits) -> Running + Send>),
    Running(Running),
}

type Running = BoxFuture<'static, io::Result<()>>;

impl Serve {
    /// How long the server works as before after SIGTERM, with readiness at 503, before it closes its
    /// port: longer than load balancers take to notice. 0 by default.
    ///
    /// Choose the time between two checks of the load balancer, times the number of failures that it
    /// waits for, and a little more. In Kubernetes 5 seconds are usual, and a `preStop` hook that
    /// sleeps is not needed.
    ///
    /// In this time, responses over HTTP/1.1 end their connection, so that requests move to other
    /// replicas.
    pub fn linger(mut self, time: Duration) -> Self {
        self.limits.linger = time;
        self
    }
}

impl Future for Serve {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let limits = self.limits;
        loop {
            match &mut self.stage {
                Stage::Running(running) => return running.poll_unpin(cx),
                Stage::Ready(start) => {
                    let start =
                        std::mem::replace(start, Box::new(|_| std::future::pending().boxed()));
                    self.stage = Stage::Running(start(limits));
                }
            }
        }
    }
}

impl fmt::Debug for Serve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serve")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
