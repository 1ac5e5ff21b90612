//! Made-up prices, pushed to every client.

mod prices;
mod ws;

pub use prices::publish;

use autumn_ws::AppState;
use axum::Router;

/// The whole application, except for the task that [publishes](publish) prices.
pub fn app(state: AppState) -> Router {
    ws::router().with_state(state)
}
