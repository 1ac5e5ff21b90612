//! Orders of a test to the process, besides its sockets.

use std::iter;

use autumn_ws::metrics;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde::Deserialize;

use crate::App;
use crate::measures::measures;

/// The routes under `/control`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/control/measures", get(show_measures))
        .route("/control/metrics", get(metrics::json))
        .route("/control/publish", get(publish))
        .route("/control/echo", post(echo))
}

/// Sends back the body of the request, once it is there.
async fn echo(body: Body) -> Result<Bytes, StatusCode> {
    tracing::info!("a request is under way");
    let body = to_bytes(body, 1024).await;
    body.map_err(|_| StatusCode::BAD_REQUEST)
}

async fn show_measures(State(app): State<App>) -> String {
    measures(&app)
}

/// Messages that begin with a rising number.
#[derive(Deserialize)]
struct Publish {
    channel: String,
    from: u64,
    count: u64,
    /// The bytes of each message.
    size: usize,
}

/// Publishes all at once, and returns how many listeners the first one reached: some may be gone by
/// the last.
async fn publish(State(app): State<App>, Query(publish): Query<Publish>) -> String {
    let sender = app.ws().channels().sender(&publish.channel);
    let mut first = None;
    for number in publish.from..publish.from + publish.count {
        let mut text = number.to_string();
        let padding = publish.size.saturating_sub(text.len());
        text.extend(iter::repeat_n(' ', padding));
        let reached = sender.send(text);
        first.get_or_insert(reached);
    }
    first.unwrap_or_default().to_string()
}
