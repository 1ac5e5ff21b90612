//! When something is due on a connection.

use crate::{policy::Policy, time::after};
use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep_until};

/// The resolution of the timer, so that a heartbeat of no time does not spin.
const SHORTEST: Duration = Duration::from_millis(1);

/// The deadlines of one connection, over one timer.
///
/// Deadlines that move into the future, as they do with every message, leave the timer alone: it
/// fires early, finds nothing due and is set again.
pub(super) struct Clock {
    policy: &'static Policy,
    timer: Pin<Box<Sleep>>,
    /// Whether something was heard since `last_heard` was noted, so that a message costs a store
    /// and not a reading of the system's clock.
    heard: bool,
    last_heard: Instant,
    last_ping: Instant,
    /// Since when the connection takes no bytes.
    stalled: Option<Instant>,
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// To ask the client for a sign of life.
    Ping,
    /// To close: the client gave no sign of life.
    Idle,
    /// To give up: the client took no bytes.
    Cut,
}

impl Clock {
    pub(super) fn new(policy: &'static Policy) -> Self {
        let now = Instant::now();
        Self {
            policy,
            timer: Box::pin(sleep_until(after(now, policy.send_timeout))),
            heard: false,
            last_heard: now,
            last_ping: now,
            stalled: None,
        }
    }

    /// The client gave a sign of life.
    pub(super) fn heard(&mut self) {
        self.heard = true;
    }

    /// The connection takes no bytes, now or still.
    pub(super) fn stall(&mut self) {
        self.stalled.get_or_insert_with(Instant::now);
    }

    /// The connection has taken everything.
    pub(super) fn flow(&mut self) {
        self.stalled = None;
    }

    /// Whether the connection takes no bytes.
    pub(super) fn is_stalled(&self) -> bool {
        self.stalled.is_some()
    }

    /// Waits until something is due. A ping is due once.
    pub(super) fn poll_due(&mut self, cx: &mut Context<'_>) -> Poll<Due> {
        loop {
            let now = Instant::now();
            if std::mem::take(&mut self.heard) {
                self.last_heard = now;
            }
            let Some((deadline, due)) = self.next_due() else {
                return Poll::Pending;
            };
            if deadline <= now {
                if due == Due::Ping {
                    self.last_ping = now;
                }
                return Poll::Ready(due);
            }
            if self.timer.is_elapsed() || deadline < self.timer.deadline() {
                self.timer.as_mut().reset(deadline);
            }
            ready!(self.timer.as_mut().poll(cx));
        }
    }

    /// The earliest deadline. Where two fall together, the graver one.
    fn next_due(&self) -> Option<(Instant, Due)> {
        let Policy {
            heartbeat,
            idle,
            send_timeout,
            ..
        } = *self.policy;
        let cut = self
            .stalled
            .map(|since| (after(since, send_timeout), Due::Cut));
        let idle = idle.map(|idle| (after(self.last_heard, idle), Due::Idle));
        let quiet_since = self.last_heard.max(self.last_ping);
        let ping = heartbeat.map(|every| (after(quiet_since, every.max(SHORTEST)), Due::Ping));
        [cut, idle, ping]
            .into_iter()
            .flatten()
            .min_by_key(|(deadline, _)| *deadline)
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, Due};
    use crate::{Endpoint, policy::Policy};
    use std::{future::poll_fn, time::Duration};
    use tokio::time::{Instant, advance, timeout};

    const SECOND: Duration = Duration::from_secs(1);

    struct Watched;

    impl Endpoint for Watched {
        const NAME: &'static str = "watched";
        const HEARTBEAT: Option<Duration> = Some(Duration::from_secs(30));
        const IDLE: Option<Duration> = Some(Duration::from_secs(70));
        const SEND_TIMEOUT: Duration = Duration::from_secs(10);
    }

    struct Unwatched;

    impl Endpoint for Unwatched {
        const NAME: &'static str = "unwatched";
        const HEARTBEAT: Option<Duration> = None;
        const IDLE: Option<Duration> = None;
    }

    /// What is due next, and after how many seconds.
    async fn next(clock: &mut Clock) -> (u64, Due) {
        let from = Instant::now();
        let due = poll_fn(|cx| clock.poll_due(cx)).await;
        (from.elapsed().as_secs(), due)
    }

    #[tokio::test(start_paused = true)]
    async fn pings_until_it_gives_up() {
        let mut clock = Clock::new(Policy::of::<Watched>());
        assert_eq!(next(&mut clock).await, (30, Due::Ping));
        assert_eq!(next(&mut clock).await, (30, Due::Ping));
        assert_eq!(next(&mut clock).await, (10, Due::Idle));
    }

    #[tokio::test(start_paused = true)]
    async fn a_sign_of_life_moves_the_deadlines() {
        let mut clock = Clock::new(Policy::of::<Watched>());
        for _ in 0..10 {
            advance(25 * SECOND).await;
            clock.heard();
        }
        assert_eq!(next(&mut clock).await, (30, Due::Ping));
        clock.heard();
        assert_eq!(next(&mut clock).await, (30, Due::Ping));
    }

    #[tokio::test(start_paused = true)]
    async fn a_stall_is_counted_from_its_beginning() {
        let mut clock = Clock::new(Policy::of::<Watched>());
        clock.stall();
        advance(8 * SECOND).await;
        clock.stall();
        assert_eq!(next(&mut clock).await, (2, Due::Cut));
        clock.flow();
        assert_eq!(next(&mut clock).await, (20, Due::Ping));
    }

    #[tokio::test(start_paused = true)]
    async fn a_nearer_deadline_sets_the_timer_again() {
        let mut clock = Clock::new(Policy::of::<Watched>());
        assert!(timeout(SECOND, next(&mut clock)).await.is_err());
        clock.stall();
        assert_eq!(next(&mut clock).await, (10, Due::Cut));
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_due_where_nothing_is_watched() {
        let mut clock = Clock::new(Policy::of::<Unwatched>());
        assert!(timeout(1000 * SECOND, next(&mut clock)).await.is_err());
        clock.stall();
        assert_eq!(next(&mut clock).await, (10, Due::Cut));
    }
}
