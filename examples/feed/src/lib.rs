//! Made-up prices, pushed to whoever listens.

mod prices;
mod ws;

pub use prices::publish;

use autumn_ws::AppState;
use axum::Router;

/// The whole application, except for the task that [publishes](publish) the prices.
pub fn app(state: AppState) -> Router {
    ws::router().with_state(state)
}
