//! When a message was published, in the message.

use rustix::time::{ClockId, clock_gettime};

/// The length of a stamp: the shortest message.
pub const LENGTH: usize = 16;

/// A message of this many bytes, stamped with the present time.
pub fn stamped(size: usize) -> String {
    format!("{:016x}{}", now(), "x".repeat(size.saturating_sub(LENGTH)))
}

/// The nanoseconds since a message was published, if it is stamped.
pub fn age(message: &[u8]) -> Option<u64> {
    let stamp = str::from_utf8(message.get(..LENGTH)?).ok()?;
    let stamp = u64::from_str_radix(stamp, 16).ok()?;
    now().checked_sub(stamp)
}

/// Nanoseconds of a clock that all processes share.
fn now() -> u64 {
    let time = clock_gettime(ClockId::Monotonic);
    let nanos = i128::from(time.tv_sec) * 1_000_000_000 + i128::from(time.tv_nsec);
    u64::try_from(nanos).unwrap_or_default()
}
