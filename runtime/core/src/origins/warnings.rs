//! Warnings about pages and hosts that are refused.

use crate::sync::{Mutex, lock};
use std::{
    mem,
    time::{Duration, Instant},
};

/// How often a refusal is logged as a warning, at most. Anybody can cause them.
const PERIOD: Duration = Duration::from_mins(1);

/// The warnings of one application about pages and hosts that are refused.
#[derive(Debug, Default)]
pub(crate) struct Warnings(Mutex<Noted>);

#[derive(Debug, Default)]
struct Noted {
    last: Option<Instant>,
    /// How many were left out since.
    left_out: u64,
}

impl Warnings {
    /// Whether there may be one more now, and how many were left out since the last one.
    pub(crate) fn next(&self) -> Option<u64> {
        self.next_at(Instant::now())
    }

    fn next_at(&self, now: Instant) -> Option<u64> {
        let mut noted = lock(&self.0);
        let is_due = noted
            .last
            .is_none_or(|last| now.saturating_duration_since(last) >= PERIOD);
        if !is_due {
            noted.left_out += 1;
            return None;
        }
        noted.last = Some(now);
        Some(mem::take(&mut noted.left_out))
    }
}

#[cfg(test)]
mod tests {
    use super::{PERIOD, Warnings};
    use std::time::{Duration, Instant};

    #[test]
    fn a_flood_gives_one_warning_in_each_period() {
        let warnings = Warnings::default();
        let start = Instant::now();
        assert_eq!(warnings.next_at(start), Some(0));
        for n in 0..100 {
            assert_eq!(warnings.next_at(start + Duration::from_millis(n)), None);
        }
        assert_eq!(warnings.next_at(start + PERIOD), Some(100));
        assert_eq!(warnings.next_at(start + PERIOD), None);
        assert_eq!(warnings.next_at(start + 2 * PERIOD), Some(1));
    }
}
