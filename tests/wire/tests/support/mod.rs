//! A server on a free port, and clients to see it from outside.

mod app;
mod client;
mod http;

pub use app::App;
pub use client::Client;
pub use http::Refused;

use std::time::Duration;

/// Waits for something that must happen: a test fails instead of hanging.
pub async fn soon<T>(what: &str, wait: impl Future<Output = T>) -> T {
    // Shorter than every default of the spec, so that none can pass for a value that a spec names.
    const PATIENCE: Duration = Duration::from_secs(5);
    let Ok(outcome) = tokio::time::timeout(PATIENCE, wait).await else {
        panic!("waited for {what}, and nothing happened");
    };
    outcome
}
