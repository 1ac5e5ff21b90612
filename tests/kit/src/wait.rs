//! Waits that end.

use std::time::Duration;
use tokio::time::{sleep, timeout};

/// How long a test waits for one event before it fails: longer than a busy machine takes.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Shorter than every default of the spec, so that none can pass for a value that a spec names.
pub const BRIEFLY: Duration = Duration::from_secs(5);

/// Waits for something that must happen.
pub async fn soon<T>(what: &str, wait: impl Future<Output = T>) -> T {
    within(PATIENCE, what, wait).await
}

/// Waits for something that must happen before any default of the spec is over.
pub async fn briefly<T>(what: &str, wait: impl Future<Output = T>) -> T {
    within(BRIEFLY, what, wait).await
}

/// Waits for something that must happen in this time.
pub async fn within<T>(limit: Duration, what: &str, wait: impl Future<Output = T>) -> T {
    let Ok(outcome) = timeout(limit, wait).await else {
        panic!("waited {limit:?} for {what}, and nothing happened");
    };
    outcome
}

/// Asks until the answer is yes, where nothing reports when it is.
pub async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let asked = async {
        while !is_so().await {
            sleep(Duration::from_millis(10)).await;
        }
    };
    soon(what, asked).await;
}
