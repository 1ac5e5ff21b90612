//! Running an application.

mod connection;
mod connections;
mod limits;
mod membership;
mod proxy_protocol;
mod readiness;
mod run;
mod service;
mod settings;
mod signals;

pub use self::readiness::{Readiness, ready};

pub(crate) use self::{limits::Limits, run::run, settings::Settings, signals::Signals};

use crate::{Bytes, Network, Shutdown};
use axum::{body::HttpBody, extract::Request, http::Response, serve::Listener};
use futures_util::{FutureExt, future::BoxFuture};
use std::{
    convert::Infallible,
    error::Error,
    fmt, io, mem,
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
/// * Limits for unused connections: [`header_timeout`](Serve::header_timeout) and
///   [`keep_alive`](Serve::keep_alive). Over HTTP/2, a client that is silent for 20 seconds is pinged,
///   and must answer within 20 seconds. The time for a handler, the body of a request and the sending
///   of a response is up to the application's layers and to a proxy. When a socket is open, the
///   limits of its [`Endpoint`](crate::Endpoint) apply.
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
///    another replica. Connections that were accepted last have a second to send their request, and
///    so has a request of which a part of the head has arrived; requests under way are answered, and
///    idle connections are closed.
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
    let start = |settings| {
        let serving = async move {
            let signals = Signals::listen()?;
            run(listener, service, shutdown, signals, settings).await
        };
        serving.boxed()
    };
    Serve {
        settings: Settings::default(),
        stage: Stage::Ready(Box::new(start)),
    }
}

/// A server that [`serve`] has made: a future that runs it. Its methods change what an operator may
/// want to change.
#[must_use = "a server does nothing unless it is awaited"]
pub struct Serve {
    settings: Settings,
    stage: Stage,
}

enum Stage {
    Ready(Box<dyn FnOnce(Settings) -> Running + Send>),
    Running(Running),
    Ended,
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
        self.settings.limits.linger = time;
        self
    }

    /// How long the head of a request may take: the first one from the beginning of the connection,
    /// and over HTTP/1.1 each further one from its first byte. Then the connection is closed. 30 seconds
    /// by default.
    pub fn header_timeout(mut self, time: Duration) -> Self {
        self.settings.limits.header = time;
        self
    }

    /// How long a connection over HTTP/1.1 may be unused after a response before it is closed. 620
    /// seconds by default.
    ///
    /// It must be longer than the load balancer in front keeps such a connection. If it is shorter, the
    /// load balancer now and then sends a request just as the connection is closed, and its client gets
    /// a 502. nginx and AWS keep connections for 60 seconds, HAProxy and Caddy for up to 2 minutes, and
    /// Google Cloud for 600 seconds, which is why the default is a little more than that.
    ///
    /// Without a load balancer, a shorter time frees the memory of unused connections sooner.
    pub fn keep_alive(mut self, time: Duration) -> Self {
        self.settings.limits.keep_alive = time;
        self
    }

    /// Expects a header of the PROXY protocol, version 1 or 2, at the beginning of each connection from
    /// these networks, and takes the client's address from it. By default no header is read.
    ///
    /// Load balancers that do not speak HTTP, such as those of AWS at the network level, or HAProxy with
    /// `send-proxy-v2`, pass the client's address on in this way.
    ///
    /// * A connection from one of these networks without such a header is closed, which is logged as a
    ///   warning, at most once a minute. The header must arrive within the [`header_timeout`](Serve::header_timeout).
    /// * From everywhere else no header is read, so that nobody else can choose an address: it gets 400.
    /// * Over a Unix socket every client must send one.
    /// * A proxy that checks the server's health, or does not know the address (`LOCAL`, `UNKNOWN`),
    ///   counts as the client itself.
    ///
    /// ```no_run
    /// # async fn serve(app: axum::Router, state: autumn_ws::AppState) -> Result<(), Box<dyn std::error::Error>> {
    /// # let listener = tokio::net::TcpListener::bind("0.0.0.0:3000").await?;
    /// autumn_ws::serve(listener, app, state.shutdown())
    ///     .proxy_protocol(["10.0.0.0/8".parse()?])
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn proxy_protocol(mut self, proxies: impl IntoIterator<Item = Network>) -> Self {
        self.settings.proxies = Some(proxies.into_iter().collect());
        self
    }
}

impl Future for Serve {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let stage = mem::replace(&mut self.stage, Stage::Ended);
        let mut running = match stage {
            Stage::Ready(start) => start(mem::take(&mut self.settings)),
            Stage::Running(running) => running,
            Stage::Ended => return Poll::Pending,
        };
        let ended = running.poll_unpin(cx);
        if ended.is_pending() {
            self.stage = Stage::Running(running);
        }
        ended
    }
}

impl fmt::Debug for Serve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serve")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
