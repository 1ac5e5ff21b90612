//! How long a test waits.

use std::time::Duration;

/// How long a test waits for one thing.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Waits for something that a test expects.
///
/// # Panics
///
/// Panics when it has not happened after five seconds.
pub async fn expect<T>(what: &str, wait: impl Future<Output = T>) -> T {
    let Ok(answer) = tokio::time::timeout(PATIENCE, wait).await else {
        panic!("expected {what}, but nothing happened for {PATIENCE:?}");
    };
    answer
}
