//! What happens on the sockets of an application, in numbers.
//!
//! [`prometheus`](prometheus()) and [`json`](json()) are ready to be mounted. They show the whole
//! application, so mount them where only operators can reach them:
//!
//! ```
//! use autumn_ws::{AppState, metrics};
//! use axum::{Router, routing::get};
//!
//! let internal: Router = Router::new()
//!     .route("/metrics", get(metrics::prometheus))
//!     .route("/sockets", get(metrics::json))
//!     .with_state(AppState::new());
//! ```
//!
#![doc = include_str!("../docs/series.md")]
//!
//! The reasons of rejected requests are `shutting_down`, `handshake`, `origin`, `connections`, and
//! `application` if an extractor or the endpoint's code has refused.
//!
//! The series of the engine exist if channels have an [engine](crate::Channels#other-processes).
//! Then a message counts as published, in the series of its channel, when it comes back or arrives;
//! a message that reaches nobody in this process is unheard here, even if other replicas hear it.
//!
//! Everything is counted per endpoint and per *pattern* of channels ([`ChannelName`]), never per
//! room or user, and close codes that clients may choose are grouped. So the number of series
//! depends on the program, not on its clients.
//!
//! An endpoint appears with its first request, a channel with its first use.
//!
//! Counting costs next to nothing. A channel counts under the lock that it holds anyway. A session
//! counts by itself and reports when it pauses: messages that a client has seen are counted, and so
//! are those that were queued for a client that was cut off.
//!
//! [`ChannelName`]: crate::ChannelName

#[cfg(feature = "metrics")]
mod facade;
mod families;
mod json;
mod prometheus;
mod snapshot;

pub use self::snapshot::{
    ChannelSnapshot, ClosedCount, EndpointSnapshot, InvalidCount, RejectedCount, Snapshot,
    TrafficSnapshot,
};
pub use crate::channels::EngineSnapshot;

use crate::AppState;
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

/// The numbers of one application. Made by [`AppState::metrics`].
///
/// A cheap handle: clones show the same numbers.
///
/// ```
/// use autumn_ws::{AppState, ChannelName};
///
/// let state = AppState::new();
/// state.channels().publish(ChannelName::fixed("lobby"), "anybody here?");
///
/// let snapshot = state.metrics().snapshot();
/// let lobby = &snapshot.channels[0];
/// assert_eq!((lobby.pattern, lobby.published, lobby.unheard), ("lobby", 1, 1));
///
/// let text = state.metrics().prometheus();
/// assert!(text.contains("autumn_ws_channel_published_total{channel=\"lobby\"} 1\n"));
/// ```
#[derive(Clone, Debug)]
pub struct Metrics {
    state: AppState,
}

impl Metrics {
    /// The pattern of channels whose pattern is not known, because only plain text has named them.
    pub const OTHER: &'static str = snapshot::OTHER;

    /// All numbers as they are now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            endpoints: snapshot::endpoints(&self.state.endpoints()),
            channels: snapshot::channels(self.state.channels().tallies()),
            engine: self
                .state
                .channels()
                .upstream()
                .map(|upstream| upstream.snapshot()),
        }
    }

    /// All numbers in the text format of Prometheus, version 0.0.4.
    #[must_use]
    pub fn prometheus(&self) -> String {
        prometheus::Text(&self.snapshot()).to_string()
    }

    /// All numbers as a JSON object, for people and scripts.
    ///
    /// `endpoints` has an object for each endpoint, `channels` one for each pattern. These have the
    /// `subscriber_count`, `lifetime_publish_count` (messages that reached a subscriber),
    /// `dropped_count` (messages that did not) and `lagged_count` of Autumn's `/actuator/channels`,
    /// and a `gap_count`. `engine` is an object, or `null` if channels are in one process.
    #[must_use]
    pub fn json(&self) -> String {
        json::to_json(&self.snapshot()).to_string()
    }
}

impl AppState {
    /// What happens on the sockets of this application, in numbers.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        Metrics {
            state: self.clone(),
        }
    }
}

/// Responds with [`Metrics::prometheus`]: an axum handler, for `get`.
#[expect(clippy::unused_async, reason = "an axum handler is asynchronous")]
pub async fn prometheus(State(state): State<AppState>) -> Response {
    let text = state.metrics().prometheus();
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// Responds with [`Metrics::json`]: an axum handler, for `get`.
#[expect(clippy::unused_async, reason = "an axum handler is asynchronous")]
pub async fn json(State(state): State<AppState>) -> Response {
    let text = state.metrics().json();
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}
