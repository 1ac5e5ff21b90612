//! How fast a client may send.

use crate::{Message, endpoint::Rate};
use std::{task::Poll, time::Duration};
use tokio::time::Instant;

/// Holds back a client that sends more than its rate: a message that comes too early waits, and
/// nothing is read behind it.
///
/// Each message that passes moves `empty` by the time that it takes at the even rate. As long as that
/// is no further ahead than a burst takes, the next one may pass.
pub(super) struct Pace {
    interval: Duration,
    burst: Duration,
    /// When everything that has passed is paid for.
    empty: Instant,
    /// The message that waits.
    held: Option<Message>,
    /// Whether a message had to wait before.
    pub(super) was_held: bool,
}

impl Pace {
    pub(super) fn new(rate: Rate) -> Self {
        Self {
            interval: rate.interval(),
            burst: rate.burst(),
            empty: Instant::now(),
            held: None,
            was_held: false,
        }
    }

    /// Takes a message, which passes or waits until the moment that is returned.
    pub(super) fn admit(&mut self, message: Message) -> Result<Message, Instant> {
        let now = Instant::now();
        let free = self.free();
        if free <= now {
            self.pass(now);
            return Ok(message);
        }
        self.held = Some(message);
        Err(free)
    }

    /// The message that had to wait, when it may pass. `None`: none waits.
    pub(super) fn poll_held(&mut self) -> Poll<Option<Message>> {
        if self.held.is_none() {
            return Poll::Ready(None);
        }
        let now = Instant::now();
        if self.free() > now {
            return Poll::Pending;
        }
        self.pass(now);
        Poll::Ready(self.held.take())
    }

    /// The message that waits: the session has ended.
    pub(super) const fn take_held(&mut self) -> Option<Message> {
        self.held.take()
    }

    /// Takes back that a message has passed: it does not count.
    #[cfg(feature = "messages")]
    pub(super) fn excuse(&mut self) {
        self.empty = self.empty.checked_sub(self.interval).unwrap_or(self.empty);
    }

    /// From when on the next message may pass.
    fn free(&self) -> Instant {
        let ahead = self.empty + self.interval;
        ahead.checked_sub(self.burst).unwrap_or(self.empty)
    }

    fn pass(&mut self, now: Instant) {
        self.empty = self.empty.max(now) + self.interval;
    }
}

#[cfg(test)]
mod tests {
    use super::Pace;
    use crate::{Message, endpoint::Rate};
    use std::{task::Poll, time::Duration};
    use tokio::time::{Instant, advance, sleep_until};

    /// How many messages pass before one has to wait, and until when.
    fn burst(pace: &mut Pace) -> (u32, Instant) {
        for count in 0.. {
            if let Err(free) = pace.admit(Message::text("x")) {
                return (count, free);
            }
        }
        unreachable!("a rate has an end");
    }

    #[tokio::test(start_paused = true)]
    async fn twice_the_rate_may_come_at_once() {
        for (rate, messages, interval) in [
            (Rate::per_second(20), 20, Duration::from_millis(50)),
            (Rate::per_minute(7), 7, Duration::from_mins(1) / 7),
            (Rate::per_hour(1), 1, Duration::from_hours(1)),
        ] {
            let mut pace = Pace::new(rate);
            let (count, free) = burst(&mut pace);
            assert_eq!(count, 2 * messages, "{rate:?}");
            let wait = free - Instant::now();
            assert!(
                wait.abs_diff(interval) < Duration::from_micros(1),
                "{wait:?}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_passes_once_its_time_has_come() {
        let mut pace = Pace::new(Rate::per_second(10));
        let (_, mut free) = burst(&mut pace);
        for _ in 0..5 {
            assert!(pace.poll_held().is_pending());
            sleep_until(free).await;
            assert!(matches!(pace.poll_held(), Poll::Ready(Some(_))));
            free = pace.admit(Message::text("next")).unwrap_err();
            assert_eq!(free - Instant::now(), Duration::from_millis(100));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_earns_no_more_than_a_burst() {
        let mut pace = Pace::new(Rate::per_second(3));
        assert_eq!(burst(&mut pace).0, 6);
        advance(Duration::from_hours(1)).await;
        assert!(matches!(pace.poll_held(), Poll::Ready(Some(_))));
        assert_eq!(burst(&mut pace).0, 5);
    }
}
