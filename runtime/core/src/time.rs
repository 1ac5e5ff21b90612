//! Moments.

use std::time::Duration;
use tokio::time::Instant;

/// The moment so long after another; never, practically, where that cannot be expressed.
pub(crate) fn after(start: Instant, wait: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_hours(100 * 365 * 24);
    start.checked_add(wait).unwrap_or_else(|| start + CENTURY)
}
