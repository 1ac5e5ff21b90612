//! Whether new clients should come here.

use crate::AppState;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// Whether new clients should come to this replica. Made by [`AppState::readiness`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Readiness {
    /// They should.
    Ready,
    /// The [engine](crate::Channels#other-processes) that carries channels to other replicas cannot be reached. Who
    /// is here hears only what is said here.
    Disconnected,
    /// The shutdown has begun: upgrades get 503.
    ShuttingDown,
}

impl Readiness {
    /// Whether new clients should come.
    #[must_use]
    pub const fn is_ready(self) -> bool {
        matches!(self, Self::Ready)
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Disconnected => "disconnected from other replicas",
            Self::ShuttingDown => "shutting down",
        }
    }
}

impl AppState {
    /// Whether new clients should come to this replica.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        if self.shutdown().has_begun() {
            return Readiness::ShuttingDown;
        }
        if self.channels().is_connected() {
            Readiness::Ready
        } else {
            Readiness::Disconnected
        }
    }
}

/// Answers a load balancer whether new clients should come here, with 200 or 503: an axum handler,
/// for `get`.
///
/// ```
/// use autumn_ws::AppState;
/// use axum::{Router, routing::get};
///
/// let app: Router = Router::new()
///     .route("/ready", get(autumn_ws::ready))
///     .with_state(AppState::new());
/// ```
///
/// When the engine is away for all replicas, all of them answer 503. Where a load balancer then
/// sends nobody to any of them, and clients should rather have a replica that is cut off than none,
/// write a handler of your own over [`AppState::readiness`] that lets [`Readiness::Disconnected`]
/// pass.
pub async fn ready(State(state): State<AppState>) -> Response {
    let readiness = state.readiness();
    let status = if readiness.is_ready() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, readiness.as_str()).into_response()
}
