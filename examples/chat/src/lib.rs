//! Chat rooms, a lobby, and a page to chat.

mod ws;

use autumn_ws::AppState;
use axum::{Router, response::Html, routing::get};

/// The whole application: the page at `/` and its sockets.
pub fn app(state: AppState) -> Router {
    Router::new()
        .route("/", get(page))
        .merge(ws::router())
        .with_state(state)
}

async fn page() -> Html<&'static str> {
    Html(include_str!("page.html"))
}
