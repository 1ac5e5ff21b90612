//! A help desk behind a sign-in, with hand-written code for all that happens on its socket.

pub mod auth;
mod desk;
mod ws;

pub use desk::{Case, Desk};

use axum::Router;

/// The whole application.
pub fn app(desk: Desk) -> Router {
    ws::router().with_state(desk)
}
