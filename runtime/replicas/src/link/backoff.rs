//! How long to wait before the next attempt.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};
use tokio::time::Instant;

/// How long to wait before the next attempt to connect: longer each time, and random, so that
/// replicas differ.
#[derive(Debug)]
pub(super) struct Backoff {
    longest: Duration,
    /// The bound of the next wait.
    bound: Duration,
    /// The time of the last connection.
    connected: Option<Instant>,
}

const SHORTEST: Duration = Duration::from_millis(100);

impl Backoff {
    pub(super) fn new(longest: Duration) -> Self {
        let longest = longest.max(Duration::from_millis(1));
        Self {
            longest,
            bound: SHORTEST.min(longest),
            connected: None,
        }
    }

    /// Records a connection.
    pub(super) fn connected(&mut self) {
        self.connected = Some(Instant::now());
    }

    /// How long to wait now. A connection that lasted longer than any wait starts over; one that is
    /// lost again and again does not.
    pub(super) fn next(&mut self) -> Duration {
        let lasted = self.connected.take().map(|since| since.elapsed());
        if lasted.is_some_and(|lasted| lasted >= self.longest) {
            self.bound = SHORTEST.min(self.longest);
        }
        let bound = self.bound;
        self.bound = (bound * 2).min(self.longest);
        // Not the whole range, to spare a server that is just starting.
        bound.mul_f64(0.5 + fraction() / 2.0)
    }
}

/// A number from 0 to 1, as random as hash maps are.
fn fraction() -> f64 {
    let bits = RandomState::new().hash_one(()) >> 32;
    f64::from(u32::try_from(bits).unwrap_or(0)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Backoff, SHORTEST};
    use std::{collections::BTreeSet, time::Duration};
    use tokio::time::advance;

    const LONGEST: Duration = Duration::from_secs(5);

    #[test]
    fn it_doubles_up_to_the_longest() {
        let mut backoff = Backoff::new(LONGEST);
        let mut bound = SHORTEST;
        for _ in 0..10 {
            let wait = backoff.next();
            assert!(bound / 2 <= wait && wait <= bound, "{wait:?} of {bound:?}");
            bound = (bound * 2).min(LONGEST);
        }
        assert_eq!(bound, LONGEST);
    }

    #[test]
    fn it_is_different_each_time() {
        let waits: BTreeSet<_> = (0..100).map(|_| Backoff::new(LONGEST).next()).collect();
        assert!(waits.len() > 90, "{}", waits.len());
    }

    #[tokio::test(start_paused = true)]
    async fn it_starts_over_after_a_lasting_connection() {
        let mut backoff = Backoff::new(LONGEST);
        for _ in 0..10 {
            backoff.next();
        }
        backoff.connected();
        advance(LONGEST / 2).await;
        assert!(backoff.next() >= LONGEST / 2);
        backoff.connected();
        advance(LONGEST).await;
        assert!(backoff.next() <= SHORTEST);
    }
}
