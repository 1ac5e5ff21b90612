//! Warnings that anybody can cause.

use crate::sync::{Mutex, lock};
use std::{
    fmt::{self, Debug},
    mem,
    time::{Duration, Instant},
};

/// How often a warning of one kind is logged, at most.
const PERIOD: Duration = Duration::from_mins(1);

/// How many characters of what a client sent a warning shows.
const SHOWN: usize = 200;

/// The warnings of one kind.
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

/// What a client sent, cut where it is too long for a warning.
pub(crate) struct Cut<T>(pub(crate) T);

impl<T: Debug> Debug for Cut<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:?}", self.0);
        match text.char_indices().nth(SHOWN) {
            Some((end, _)) => write!(f, "{}…", text.get(..end).unwrap_or_default()),
            None => f.write_str(&text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cut, PERIOD, SHOWN, Warnings};
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

    #[test]
    fn what_is_too_long_is_cut_between_characters() {
        // The quotes count.
        let whole = "ä".repeat(SHOWN - 2);
        assert_eq!(format!("{:?}", Cut(&whole)), format!("{whole:?}"));
        let long = "ä".repeat(SHOWN);
        let cut = "ä".repeat(SHOWN - 1);
        assert_eq!(format!("{:?}", Cut(long)), format!("\"{cut}…"));
    }
}
