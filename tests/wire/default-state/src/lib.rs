//! Endpoints over the default state: `ws::router()` is a `Router<autumn_ws::AppState>`.

pub mod ws;
