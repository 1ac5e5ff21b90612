//! What a test asks the process to do, beside its sockets.

use std::iter;

use autumn_ws::metrics;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use serde::Deserialize;

use crate::App;
use crate::measures::measures;

/// The routes under `/control`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/control/measures", get(show_measures))
        .route("/control/metrics", get(metrics::json))
        .route("/control/publish", get(publish))
}

async fn show_measures(State(app): State<App>) -> String {
    measures(&app)
}

/// Messages that begin with a number which counts up.
#[derive(Deserialize)]
struct Publish {
    channel: String,
    from: u64,
    count: u64,
    /// In bytes, of each.
    size: usize,
}

/// Publishes all at once, and tells how many listeners the first one reached: the last may find that
/// some are gone.
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
