//! What happens on the sockets of an application, in numbers.
//!
//! [`prometheus`](prometheus()) and [`json`](json()) are ready to be mounted. They tell about the
//! whole application, so mount them where only those get who may know:
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
//! | series | labels | |
//! |---|---|---|
//! | `autumn_ws_sessions_open` | `endpoint` | open now, or about to be |
//! | `autumn_ws_sessions_opened_total` | `endpoint` | were opened |
//! | `autumn_ws_sessions_rejected_total` | `endpoint`, `reason` | requests that were refused: `shutting_down`, `handshake`, `origin`, `connections`, `application` |
//! | `autumn_ws_sessions_failed_total` | `endpoint` | were granted, but the client was gone |
//! | `autumn_ws_sessions_closed_total` | `endpoint`, `by`, `code` | have ended: by `client`, `server`, `network` |
//! | `autumn_ws_messages_total`, `autumn_ws_bytes_total` | `endpoint`, `direction` | from (`in`) and to (`out`) clients |
//! | `autumn_ws_send_timeouts_total` | `endpoint` | clients that took no data for too long |
//! | `autumn_ws_idle_timeouts_total` | `endpoint` | clients that gave no sign of life for too long |
//! | `autumn_ws_panics_total` | `endpoint` | panics of sessions' code |
//! | `autumn_ws_drain_cuts_total` | `endpoint` | sessions that a shutdown had to cut |
//! | `autumn_ws_channels_open`, `autumn_ws_channel_subscribers` | `channel` | open now |
//! | `autumn_ws_channel_published_total` | `channel` | messages that were published |
//! | `autumn_ws_channel_unheard_total` | `channel` | of these, those that reached nobody |
//! | `autumn_ws_channel_delivered_total`, `autumn_ws_channel_lagged_total` | `channel` | messages that subscribers have taken, or missed, once for each of them |
//! | `autumn_ws_channel_gaps_total` | `channel` | times that messages of other replicas may have been missed, once for each subscriber |
//! | `autumn_ws_engine_connected` | | whether the [engine](crate::Channels#other-processes) can be reached: 1 or 0 |
//! | `autumn_ws_engine_queue`, `autumn_ws_engine_queue_bytes` | | messages, and their bytes, that it is not known to have |
//! | `autumn_ws_engine_published_total`, `autumn_ws_engine_received_total` | | messages that went there, and that came from other replicas |
//! | `autumn_ws_engine_dropped_total` | | messages that other replicas may have missed |
//! | `autumn_ws_engine_ignored_total` | | what came and is no message of ours |
//! | `autumn_ws_engine_outages_total`, `autumn_ws_engine_reconnects_total` | | times that the connection was lost, and was there again |
//! | `autumn_ws_engine_gaps_total` | `direction` | notices about missing messages from (`in`) and to (`out`) other replicas |
//! | `autumn_ws_engine_round_trip_microseconds` | | how long the last probe took |
//!
//! Those of the engine are there where channels have one. Then a message counts as published, in
//! the series of its channel, when it comes back or arrives; what reaches nobody in this process
//! is unheard here, whoever hears it elsewhere.
//!
//! Everything is counted per endpoint and per *pattern* of channels ([`ChannelName`]), never per
//! room or user, and close codes are grouped where clients may choose them: there are as many
//! series as the program has endpoints and channels, whatever clients do.
//!
//! An endpoint is there from its first request on, a channel from its first use.
//!
//! Counting costs next to nothing. A channel counts under the lock that it holds anyway, and a
//! session by itself, until it pauses: what a client has seen is counted. What was queued for one that
//! is cut is counted as well.
//!
//! [`ChannelName`]: crate::ChannelName

#[cfg(feature = "metrics")]
mod facade;
mod families;
mod json;
mod prometheus;
mod snapshot;

pub use self::snapshot::{
    ChannelSnapshot, ClosedCount, EndpointSnapshot, RejectedCount, Snapshot, TrafficSnapshot,
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
/// A cheap handle: clones are the same numbers.
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
    /// The pattern under which channels are counted whose pattern nobody has told: those that were
    /// opened by plain text only.
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
        prometheus::Text(&families::families(&self.snapshot())).to_string()
    }

    /// All numbers as a JSON object, for people and scripts.
    ///
    /// `endpoints` has an object for each endpoint, `channels` one for each pattern, with the
    /// `subscriber_count`, `lifetime_publish_count` (of messages that reached somebody),
    /// `dropped_count` (those that reached nobody) and `lagged_count` that Autumn's
    /// `/actuator/channels` has, and a `gap_count`. `engine` is an object, or `null` where channels
    /// are in-process.
    #[must_use]
    pub fn json(&self) -> String {
        json::to_json(&self.snapshot())
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

/// Answers with [`Metrics::prometheus`]: an axum handler, for `get`.
#[expect(clippy::unused_async, reason = "an axum handler is asynchronous")]
pub async fn prometheus(State(state): State<AppState>) -> Response {
    let text = state.metrics().prometheus();
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// Answers with [`Metrics::json`]: an axum handler, for `get`.
#[expect(clippy::unused_async, reason = "an axum handler is asynchronous")]
pub async fn json(State(state): State<AppState>) -> Response {
    let text = state.metrics().json();
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}
