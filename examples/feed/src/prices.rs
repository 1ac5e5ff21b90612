//! Where the prices come from.

use crate::ws::feed::PRICES_CHANNEL;
use autumn_ws::AppState;
use serde_json::json;
use std::time::Duration;
use tokio::time::interval;

/// Publishes a price every `every`, until the application shuts down.
///
/// It works without listeners. A listener gets the prices from then on.
///
/// # Panics
///
/// Panics when `every` is zero.
pub async fn publish(state: AppState, every: Duration) {
    let prices = state.channels().sender(PRICES_CHANNEL);
    let mut clock = interval(every);
    let mut walk = Walk::default();
    let publishing = async {
        loop {
            clock.tick().await;
            prices.send(walk.next_price());
        }
    };
    // The result says whether publishing ended by itself, which it never does.
    let shutdown = state.shutdown().token();
    let _ = shutdown.run_until_cancelled(publishing).await;
}

/// A price that rises and falls.
#[derive(Default)]
struct Walk {
    number: u64,
}

impl Walk {
    fn next_price(&mut self) -> String {
        self.number += 1;
        let cents = 10_000 + self.number * 7919 % 101;
        json!({ "number": self.number, "cents": cents }).to_string()
    }
}
