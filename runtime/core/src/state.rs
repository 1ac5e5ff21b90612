//! What the sessions of an application share.

use crate::{
    Channels, Shutdown, TrustedProxy,
    endpoint::{Endpoints, OpenSessions},
    origins::TrustedProxies,
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
}

#[derive(Debug)]
struct Inner {
    channels: Channels,
    shutdown: Shutdown,
    endpoints: Endpoints,
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
            }),
            proxies: Arc::default(),
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

    /// The endpoints that were asked for so far.
    pub(crate) fn endpoints(&self) -> BTreeMap<&'static str, OpenSessions> {
        self.inner.endpoints.all()
    }

    /// The sessions of the endpoint `name`.
    pub(crate) fn sessions(&self, name: &'static str) -> OpenSessions {
        self.inner.endpoints.get(name)
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
