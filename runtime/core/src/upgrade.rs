//! The HTTP request that asks for a socket.

mod default;
mod deferred;
mod error;
mod foreign;
mod handshake;
mod headers;
mod pending;
mod refusal;
mod rejection;
mod sending;
mod shared_paths;
mod unwinding;

pub use self::{
    default::or_parse, headers::UpgradeHeaders, refusal::close_refused, rejection::Rejection,
    shared_paths::share_paths,
};

pub(crate) use self::deferred::DeferredSession;

use self::{
    deferred::{Granted, Purpose},
    error::UpgradeError,
    foreign::warn_about,
    handshake::{Handshake, is_handshake},
    pending::PendingRequest,
    refusal::RefusalSlot,
};
use crate::{
    AppState, Closed, Endpoint, Over, Session, Subscription,
    endpoint::{Claim, Holder, Policy},
    session::{Admission, Delivery, Feeds},
};
use axum::{
    extract::{ConnectInfo, FromRef, FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
    response::Response,
};
use futures_util::FutureExt;
use std::{
    fmt,
    marker::PhantomData,
    net::{IpAddr, Ipv6Addr, SocketAddr},
};
use tracing::Span;

/// A request that may become a [`Session`] of the endpoint `E`: an axum extractor.
///
/// Put it before all others, so that what it refuses costs nothing. It refuses, in this order:
///
/// | request | response |
/// |---|---|
/// | the application shuts down | `503 Service Unavailable` with `Retry-After: 1` |
/// | it is not a WebSocket handshake ([RFC 6455, 4.2.1]; over HTTP/2 [RFC 8441]) | `400`, `405` with `Allow`, or `426` with `Upgrade` and the version that is supported |
/// | it asks for a host that the application does not answer for ([`AppState::allow_hosts`]) | `421 Misdirected Request` |
/// | the page comes from a foreign origin ([`Endpoint::ORIGINS`]) | `403 Forbidden` |
/// | the endpoint has too many sessions ([`Endpoint::CONNECTIONS`]) | `503 Service Unavailable` with `Retry-After: 1` |
///
/// The handler can limit how many sessions a user or an address may have:
/// [`connections_per`](Upgrade::connections_per).
///
/// Route every method to it, with [`any`](axum::routing::any), so that its 405 is the answer to all
/// others than GET. As `Option<Upgrade<E>>` it is `None` for a request that does not ask for a socket,
/// which may then get a page; [`share_paths`](crate::share_paths) does this for whole routers.
///
/// The handler may still refuse with any response. A session counts towards the limit only from
/// [`on_upgrade`](Upgrade::on_upgrade) on, so that clients that have yet to sign in take no place.
///
/// A session that shows the present state of something subscribes to the changes here, and reads
/// the state at the beginning of its own code: by then every change reaches it, whichever replica
/// makes it. Code that has to read the state before that, to decide about the request, waits for
/// [`joined`](Upgrade::joined) first.
///
/// A handler that panics is logged and counted, and its connection ends without a response. To send
/// `500 Internal Server Error` instead, put tower-http's `CatchPanicLayer` around the routes.
///
/// [RFC 6455, 4.2.1]: https://www.rfc-editor.org/rfc/rfc6455#section-4.2.1
/// [RFC 8441]: https://www.rfc-editor.org/rfc/rfc8441
#[must_use = "the client waits until the request is upgraded or refused"]
pub struct Upgrade<E> {
    handshake: Handshake,
    state: AppState,
    request: PendingRequest,
    slot: Option<RefusalSlot>,
    feeds: Feeds,
    claims: Vec<Claim>,
    /// The place for the session, if the server reports how it answers.
    reported: Option<DeferredSession>,
    headers: UpgradeHeaders,
    endpoint: PhantomData<fn() -> E>,
}

impl<E: Endpoint> Upgrade<E> {
    /// Adds a channel that the session will listen to, as [`Session::subscribe`] does.
    ///
    /// It misses nothing that is published while the socket opens. If the request is refused, the
    /// subscription is dropped with the `Upgrade`.
    pub fn subscribe(&mut self, label: &'static str, subscription: Subscription) {
        self.feeds.add(label, subscription, Delivery::Handle);
    }

    /// Adds a channel whose messages the client gets as they are, without passing the session's
    /// code. Missed messages are treated as [`Endpoint::LAG`] and [`Endpoint::GAP`] say.
    ///
    /// The client gets what it would get from a loop that sends each
    /// [`Event::Channel`](crate::Event::Channel), with a fraction of the work: a burst leaves at
    /// once. A client that takes no data is still heard; it falls behind, and is cut off after
    /// [`Endpoint::SEND_TIMEOUT`].
    pub fn relay(&mut self, label: &'static str, subscription: Subscription) {
        self.feeds.add(label, subscription, Delivery::Relay);
    }

    /// Limits how many sessions of this endpoint may be open in this process with the same value: of a
    /// user, an account or the like. `key` says what it is the value of, and must be the same for all
    /// requests. Take the value from what an extractor has proven, never from the path or the query.
    ///
    /// The place is looked up now, and taken with the socket, in
    /// [`on_upgrade`](Upgrade::on_upgrade). Each value and each key is counted by itself.
    ///
    /// # Errors
    ///
    /// `429 Too Many Requests` with `Retry-After: 1`, where no place is free and the oldest session
    /// may [not be replaced](Over).
    pub fn connections_per(
        &mut self,
        key: &'static str,
        value: &(impl fmt::Display + ?Sized),
        most: usize,
        over: Over,
    ) -> Result<(), Rejection> {
        let claim = Claim {
            holder: Holder {
                endpoint: E::NAME,
                key,
                value: value.to_string().into(),
            },
            most,
            over,
        };
        if self.state.places().has_room(&claim) {
            self.claims.push(claim);
            return Ok(());
        }
        let response = self.request.refuse(UpgradeError::ConnectionsPer);
        Err(Rejection::from(response))
    }

    /// As [`connections_per`](Upgrade::connections_per), by the address of the client, or of the
    /// proxy in front of the application that is not [trusted](AppState::trusting) to say it: IPv6 by
    /// /64, which is what one customer has. A client without a known address is not limited.
    ///
    /// # Errors
    ///
    /// As in `connections_per`.
    pub fn connections_per_peer(&mut self, most: usize, over: Over) -> Result<(), Rejection> {
        match self.request.peer() {
            Some(peer) => self.connections_per("peer", &network(peer.ip()), most, over),
            None => Ok(()),
        }
    }

    /// Waits until everything that other replicas publish on its channels arrives here, as
    /// [`Subscription::joined`] does for one channel. State that is read after this is followed by
    /// every change to it.
    ///
    /// [`on_upgrade`](Upgrade::on_upgrade) does this by itself. Only code that reads such state, or
    /// publishes to such a channel, before the upgrade has to call it. Each channel is waited for
    /// once. When the application shuts down nothing is waited for, since the upgrade will be
    /// refused.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future stops the waiting only.
    pub async fn joined(&mut self) {
        let shutdown = self.state.shutdown();
        tokio::select! {
            () = self.feeds.joined() => {}
            () = shutdown.cancelled() => {}
        }
    }

    /// The subprotocol of the session: the first of [`Endpoint::SUBPROTOCOLS`] that the client
    /// offers. `None`: it offers none of them.
    #[must_use]
    pub fn subprotocol(&self) -> Option<&str> {
        self.handshake.protocol()
    }

    /// Opens the socket and runs `session` on it, in a task of its own.
    ///
    /// Where its channels have an [engine](crate::Channels#other-processes), it first waits until everything that
    /// other replicas publish on them arrives here ([`joined`](Upgrade::joined)): one round trip to
    /// the engine, or, where the engine does not answer, the time that it has for an answer. A
    /// request that waits does not count towards the limit, and a shutdown does not wait for it.
    ///
    /// The response must be returned from the handler: the session starts when it is sent. If the
    /// handler returns another response after all, the request is refused and no session starts.
    /// The span of the session is a child of the current one, which is the request's where a layer makes
    /// one.
    ///
    /// Layers may change the response: its body, and all headers but those of the handshake. With
    /// another server than [`serve`](crate::serve), a layer that refuses has to make a response of its
    /// own: one that only changes the status of this one gets no session started either, but the
    /// connection ends without a response. There, no layer may keep the headers of this response, or
    /// take them apart.
    ///
    /// The response is `503 Service Unavailable` if the last place was taken, or the shutdown began,
    /// since the request came.
    ///
    /// When `session` returns, panics or is cut off by the shutdown, the socket is closed properly:
    ///
    /// | `session` | close code |
    /// |---|---|
    /// | has closed, or the client has | that code |
    /// | returns without closing | 1000 |
    /// | returns [`Closed::with`] | that code |
    /// | returns another error, which is logged | 1011 |
    /// | panics, which is logged | 1011 |
    /// | is dropped, [`Endpoint::DRAIN`] after the shutdown began | [`Endpoint::SHUTDOWN_CODE`] |
    ///
    /// A session that is dropped runs only its `Drop`s; a panic there is logged and does not change
    /// the close code. The session counts as open until its socket is closed.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future refuses the request: no session starts.
    pub async fn on_upgrade<F, Fut>(mut self, session: F) -> Response
    where
        F: FnOnce(Session) -> Fut + Send + 'static,
        Fut: Future<Output = Result<(), Closed>> + Send + 'static,
    {
        self.joined().await;
        let shutdown = self.state.shutdown();
        // Tracked before the check, so that a drain cannot miss the session.
        let tracked = shutdown.track();
        if shutdown.has_begun() {
            if let Some(slot) = &self.slot {
                slot.withdraw();
            }
            return self.request.refuse(UpgradeError::ShuttingDown);
        }
        let peer = self.request.peer();
        let Some(open) = self.request.sessions().open(E::CONNECTIONS) else {
            return self.request.refuse(UpgradeError::Connections);
        };
        let Some(seats) = self.state.places().take(self.claims) else {
            return self.request.refuse(UpgradeError::ConnectionsPer);
        };
        let carrier = self.handshake.carrier();
        let (mut response, connection) = self.handshake.accept();
        self.headers.add_to(&mut response);
        let admission = Admission {
            policy: Policy::of::<E>(),
            peer,
            shutdown,
            feeds: self.feeds,
            open,
            seats,
            tracked,
            request: Span::current(),
            run: Box::new(move |live| session(Session::new(live)).boxed()),
        };
        let request = self.request;
        let granted = Granted {
            connection,
            carrier,
            purpose: Purpose::Session { request, admission },
            is_confirmed: false,
        };
        sending::defer(self.reported, granted, &mut response);
        response
    }
}

impl<E, S> FromRequestParts<S> for Upgrade<E>
where
    E: Endpoint,
    S: Send + Sync,
    AppState: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let app = AppState::from_ref(state);
        let client = app.proxies().client(peer(parts), &parts.headers);
        let slot: Option<RefusalSlot> = parts.extensions.remove();
        let mut request = PendingRequest::new(E::NAME, app.sessions::<E>(), client);
        let handshake = match examine::<E>(parts, &app) {
            Ok(handshake) => handshake,
            Err(error) => return Err(request.refuse(error)),
        };
        let reported = parts.extensions.remove();
        if let Some(slot) = &slot {
            slot.offer(&handshake, reported.as_ref());
        }
        if !request.sessions().has_room(E::CONNECTIONS) {
            return Err(request.refuse(UpgradeError::Connections));
        }
        Ok(Self {
            handshake,
            state: app,
            request,
            slot,
            feeds: Feeds::default(),
            claims: Vec::new(),
            reported,
            headers: UpgradeHeaders::of(parts),
            endpoint: PhantomData,
        })
    }
}

/// `None`: the request does not ask for a socket, so it may be answered with a page.
impl<E, S> OptionalFromRequestParts<S> for Upgrade<E>
where
    E: Endpoint,
    S: Send + Sync,
    AppState: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Response> {
        if !is_handshake(parts.version, &parts.method, &parts.headers) {
            return Ok(None);
        }
        let upgrade = <Self as FromRequestParts<S>>::from_request_parts(parts, state);
        upgrade.await.map(Some)
    }
}

/// Looks for what is wrong with a request itself, the cheapest check first.
fn examine<E: Endpoint>(parts: &mut Parts, app: &AppState) -> Result<Handshake, UpgradeError> {
    if app.shutdown().has_begun() {
        return Err(UpgradeError::ShuttingDown);
    }
    let handshake = Handshake::receive(parts, E::SUBPROTOCOLS)?;
    let peer = peer(parts);
    let proxy = app.proxies().host(peer);
    let (uri, headers) = (&parts.uri, &parts.headers);
    let (error, warnings) = if !app.allowed().allows_host(uri, headers, proxy) {
        (UpgradeError::Host, app.host_warnings())
    } else if !E::ORIGINS.allow(uri, headers, proxy, app.allowed()) {
        (UpgradeError::Origin, app.origin_warnings())
    } else {
        if E::SUBPROTOCOL_REQUIRED {
            handshake.require_subprotocol(E::SUBPROTOCOLS)?;
        }
        return Ok(handshake);
    };
    if let Some(left_out) = warnings.next() {
        warn_about(E::NAME, peer, &error, parts, proxy, left_out);
    }
    Err(error)
}

impl<E: Endpoint> fmt::Debug for Upgrade<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upgrade")
            .field("endpoint", &E::NAME)
            .field("peer", &self.request.peer())
            .field("subprotocol", &self.subprotocol())
            .finish_non_exhaustive()
    }
}

/// The address that a client is counted by.
fn network(address: IpAddr) -> IpAddr {
    const CUSTOMER: u128 = u128::MAX << 64;
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & CUSTOMER)),
        address @ IpAddr::V4(_) => address,
    }
}

/// Who has connected, where the application was started with connection information.
fn peer(parts: &Parts) -> Option<SocketAddr> {
    let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    info.map(|ConnectInfo(address)| *address)
}
