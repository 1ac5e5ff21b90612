//! Points in time.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};
use tokio::time::Instant;

/// The moment `duration` after another, or one in the far future if that cannot be represented.
pub(crate) fn after(start: Instant, wait: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_hours(100 * 365 * 24);
    start.checked_add(wait).unwrap_or_else(|| start + CENTURY)
}

/// A random part of a time: from nothing to all of it.
pub(crate) fn random_part(of: Duration) -> Duration {
    // The standard library's only source of randomness.
    let bits = RandomState::new().hash_one(()) >> 32;
    let share = f64::from(u32::try_from(bits).unwrap_or_default()) / f64::from(u32::MAX);
    of.mul_f64(share)
}
