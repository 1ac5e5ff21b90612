//! What the sessions of an application share.

use crate::{
    Channels, Endpoint, Shutdown, TrustedProxy,
    endpoint::{Endpoints, OpenSessions, Places},
    origins::{Allowed, TrustedProxies},
    warnings::Warnings,
};
use axum::extract::FromRef;
use std::{collections::BTreeMap, sync::Arc};

/// What the sessions of an application share: its channels, its shutdown and its metrics,
/// among them the counts of its open sessions.
///
/// It is the axum state, or part of one: a state of your own works when axum's
/// [`FromRef`](axum::extract::FromRef) finds this in it, and so does an [`Arc`] of such a state.
/// Clones belong to the same application; two states made by [`new`](AppState::new) share nothing.
///
/// ```
/// use autumn_ws::AppState;
/// use axum::extract::FromRef;
///
/// #[derive(Clone)]
/// struct MyState {
///     sockets: AppState,
///     database: String,
/// }
///
/// impl FromRef<MyState> for AppState {
///     fn from_ref(state: &MyState) -> Self {
///         state.sockets.clone()
///     }
/// }
///
/// # use std::sync::Arc;
/// # let sockets = AppState::new();
/// let state = Arc::new(MyState { sockets, database: "…".into() });
/// let sockets = AppState::from_ref(&state);
/// # state.sockets.shutdown().begin();
/// # assert!(sockets.shutdown().has_begun());
/// ```
#[derive(Clone, Debug)]
pub struct AppState {
    inner: Arc<Inner>,
    proxies: Arc<TrustedProxies>,
    allowed: Allowed,
}

#[derive(Debug)]
struct Inner {
    channels: Channels,
    shutdown: Shutdown,
    endpoints: Endpoints,
    places: Places,
    origin_warnings: Warnings,
    host_warnings: Warnings,
}

impl AppState {
    /// Makes the state of a new application.
    #[must_use]
    pub fn new() -> Self {
        Self::with_channels(Channels::new())
    }

    /// Makes the state of a new application, with channels that replicas may
    /// [share](Channels#other-processes).
    #[must_use]
    pub fn with_channels(channels: Channels) -> Self {
        let shutdown = Shutdown::new(&channels);
        Self {
            inner: Arc::new(Inner {
                channels,
                shutdown,
                endpoints: Endpoints::default(),
                places: Places::default(),
                origin_warnings: Warnings::default(),
                host_warnings: Warnings::default(),
            }),
            proxies: Arc::default(),
            allowed: Allowed::default(),
        }
    }

    /// Trusts a header of the proxy in front of the application: see [`Proxy`](crate::Proxy). A header
    /// that is trusted already is then trusted as said now.
    ///
    /// This applies to this handle and to the clones that are made of it from now on.
    #[must_use]
    pub fn trusting(mut self, proxy: impl Into<TrustedProxy>) -> Self {
        Arc::make_mut(&mut self.proxies).add(proxy.into());
        self
    }

    /// Allows pages of these origins, where an endpoint allows `configured` ones, as it does by
    /// default: see [`Origins::OWN`](crate::Origins::OWN). Each is `scheme://host`, with a port unless
    /// it is the scheme's default; the first label of the host may be `*`. A host is written in ASCII,
    /// as browsers send it: `https://xn--bcher-kva.example`. `null` is not taken: an endpoint that is open
    /// to sandboxed frames has to name it itself.
    ///
    /// One of another form is logged as an error, and allows nothing. This applies to this handle and
    /// to the clones that are made of it from now on.
    ///
    /// ```
    /// use autumn_ws::AppState;
    ///
    /// let state = AppState::new().allow_origins(["https://app.example.com", "tauri://localhost"]);
    /// ```
    #[must_use]
    pub fn allow_origins<O: Into<String>>(mut self, origins: impl IntoIterator<Item = O>) -> Self {
        let origins = origins.into_iter().map(Into::into);
        self.allowed.allow_origins(origins.collect());
        self
    }

    /// Answers requests for sockets only if they ask for one of these hosts, and all others with
    /// `421 Misdirected Request`. Without it, any `Host` is accepted.
    ///
    /// This guards against DNS rebinding: the page of `evil.example`, whose name suddenly leads to the
    /// address of this server, is of the same origin as a socket at `evil.example`. It matters most for
    /// servers that only the user's own machine or network can reach.
    ///
    /// A host is a name, of which the first label may be `*`, or an address, with brackets if it is an
    /// IPv6 address. With a port it allows only that one. One of another form is logged as an error, and
    /// allows nothing. Behind a proxy that is [trusted](AppState::trusting), the host that the proxy
    /// reports counts. This applies to this handle and to the clones that are made of it from now on.
    ///
    /// ```
    /// use autumn_ws::AppState;
    ///
    /// let state = AppState::new().allow_hosts(["localhost", "127.0.0.1", "[::1]", "chat.example.com"]);
    /// ```
    #[must_use]
    pub fn allow_hosts<H: Into<String>>(mut self, hosts: impl IntoIterator<Item = H>) -> Self {
        let hosts = hosts.into_iter().map(Into::into);
        self.allowed.allow_hosts(hosts.collect());
        self
    }

    /// The channels that the sessions of this application publish and subscribe on.
    #[must_use]
    pub fn channels(&self) -> &Channels {
        &self.inner.channels
    }

    /// A handle to the shutdown of this application.
    #[must_use]
    pub fn shutdown(&self) -> Shutdown {
        self.inner.shutdown.clone()
    }

    /// The headers of proxies that are trusted.
    pub(crate) fn proxies(&self) -> &TrustedProxies {
        &self.proxies
    }

    /// The pages and hosts that are allowed.
    pub(crate) const fn allowed(&self) -> &Allowed {
        &self.allowed
    }

    /// The warnings about pages that are not.
    pub(crate) fn origin_warnings(&self) -> &Warnings {
        &self.inner.origin_warnings
    }

    /// The warnings about hosts that are not.
    pub(crate) fn host_warnings(&self) -> &Warnings {
        &self.inner.host_warnings
    }

    /// The endpoints that were asked for so far.
    pub(crate) fn endpoints(&self) -> BTreeMap<&'static str, OpenSessions> {
        self.inner.endpoints.all()
    }

    /// The places that sessions have taken.
    pub(crate) fn places(&self) -> &Places {
        &self.inner.places
    }

    /// The sessions of an endpoint.
    pub(crate) fn sessions<E: Endpoint>(&self) -> OpenSessions {
        self.inner.endpoints.get(E::NAME, E::CLOSES)
    }
}

/// What is found in a state is found behind an `Arc`, too: applications cannot write this for a foreign type.
impl<T> FromRef<Arc<T>> for AppState
where
    Self: FromRef<T>,
{
    fn from_ref(state: &Arc<T>) -> Self {
        Self::from_ref(&**state)
    }
}

impl Default for AppState {
    fn default() -> Self {
        Self::new()
    }
}
