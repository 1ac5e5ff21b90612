//! Points in time.

use std::time::Duration;
use tokio::time::Instant;

/// The moment `duration` after another, or one in the far future if that cannot be represented.
pub(crate) fn after(start: Instant, wait: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_hours(100 * 365 * 24);
    start.checked_add(wait).unwrap_or_else(|| start + CENTURY)
}
