//! A server on a free port, and clients.

mod app;
mod client;
mod http;

pub use app::App;
pub use client::Client;
pub use http::Refused;

use std::time::Duration;

/// Waits for something that must happen soon, and fails the test otherwise.
pub async fn soon<T>(what: &str, wait: impl Future<Output = T>) -> T {
    // Shorter than every default of the spec, so that a default cannot pass for a value in a spec.
    const PATIENCE: Duration = Duration::from_secs(5);
    let Ok(outcome) = tokio::time::timeout(PATIENCE, wait).await else {
        panic!("waited for {what}, and nothing happened");
    };
    outcome
}
