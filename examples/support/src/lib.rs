//! A help desk behind a sign-in, with hand-written code for everything on its socket.

pub mod auth;
mod desk;
mod ws;

pub use desk::{Case, Desk};

use autumn_ws::metrics;
use axum::{Router, routing::get};

/// The routes for customers and staff.
pub fn app(desk: Desk) -> Router {
    ws::router().with_state(desk)
}

/// The routes for operators only: `/metrics` for Prometheus, `/sockets` for people.
pub fn internal(desk: Desk) -> Router {
    Router::new()
        .route("/metrics", get(metrics::prometheus))
        .route("/sockets", get(metrics::json))
        .with_state(desk)
}
