//! Whether new clients should come to this replica.

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
    /// The [engine](crate::Channels#other-processes) that carries channels to other replicas cannot
    /// be reached. Clients here only hear what is published here.
    Disconnected,
    /// The shutdown is [announced](crate::Shutdown::linger), or has begun.
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
        if self.shutdown().is_announced() {
            return Readiness::ShuttingDown;
        }
        if self.channels().is_connected() {
            Readiness::Ready
        } else {
            Readiness::Disconnected
        }
    }
}

/// Returns 200 if new clients should come to this replica, and 503 if not, for load balancers: an
/// axum handler for `get`.
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
/// When the engine is away for all replicas, all of them return 503, and a load balancer may send
/// clients to none. If clients should rather have a replica without the others than none, write your
/// own handler over [`AppState::readiness`] that accepts [`Readiness::Disconnected`].
pub async fn ready(State(state): State<AppState>) -> Response {
    let readiness = state.readiness();
    let status = if readiness.is_ready() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, readiness.as_str()).into_response()
}
