//! When something is due on a connection.

use crate::{endpoint::Policy, time::after};
use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep_until};

/// The resolution of the timer, so that a heartbeat of zero does not spin.
const SHORTEST: Duration = Duration::from_millis(1);

/// The deadlines of one connection, over one timer.
///
/// Deadlines that move into the future, as they do with every message, do not touch the timer: it
/// fires early, finds nothing due and is set again.
///
/// Time in which the session's code is busy elsewhere must not count against the client. A ping is
/// due by the time that passes, but a client is idle only if it had its time to answer a ping that
/// was really sent. Where no ping comes first, silence and stalls count only while the session's
/// code waits for the connection.
pub(super) struct Clock {
    policy: &'static Policy,
    patience: Option<Patience>,
    timer: Pin<Box<Sleep>>,
    /// Whether something was heard since `last_heard` was noted. A message costs a store instead of
    /// reading the system's clock.
    heard: bool,
    last_heard: Instant,
    last_ping: Instant,
    /// When the first unanswered ping was sent.
    pinged: Option<Instant>,
    stalled: Option<Stall>,
    /// Since when nobody waits for the connection, where that matters.
    away: Option<Instant>,
    /// How long nobody has waited since `last_heard`.
    unwatched: Duration,
}

/// The connection takes no bytes.
#[derive(Clone, Copy)]
struct Stall {
    since: Instant,
    /// How many bytes it had taken by then.
    written: u64,
}

/// When a silent client is idle.
#[derive(Clone, Copy)]
enum Patience {
    /// This long after a ping.
    SincePing(Duration),
    /// After this much silence: no ping comes first.
    Silence(Duration),
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
            patience: Patience::of(policy),
            timer: Box::pin(sleep_until(after(now, policy.send_timeout))),
            heard: false,
            last_heard: now,
            last_ping: now,
            pinged: None,
            stalled: None,
            away: Some(now),
            unwatched: Duration::ZERO,
        }
    }

    /// The client gave a sign of life.
    pub(super) fn heard(&mut self) {
        self.heard = true;
    }

    /// Whether it gave one since the last [`poll_due`](Clock::poll_due).
    pub(super) fn has_heard(&self) -> bool {
        self.heard
    }

    /// The client was sent a ping.
    pub(super) fn pinged(&mut self) {
        self.pinged.get_or_insert_with(Instant::now);
    }

    /// The connection takes no bytes, after it has taken `written`.
    pub(super) fn stall(&mut self, written: u64) {
        if self.stalled.is_none_or(|stall| stall.written != written) {
            let since = Instant::now();
            self.stalled = Some(Stall { since, written });
        }
    }

    /// The connection has taken everything.
    pub(super) fn flow(&mut self) {
        if self.stalled.take().is_some() && self.pinged.is_some() {
            // The ping was held up, too.
            self.pinged = Some(Instant::now());
        }
    }

    /// Whether the connection takes no bytes.
    pub(super) fn is_stalled(&self) -> bool {
        self.stalled.is_some()
    }

    /// The session's code waits again, perhaps for something that is always ready.
    pub(super) fn arrive(&mut self) {
        if self.is_stalled() {
            self.take_stock(Instant::now());
        }
    }

    /// The session's code does not wait any more, until [`arrive`](Clock::arrive) or
    /// [`poll_due`](Clock::poll_due).
    pub(super) fn leave(&mut self) {
        let counting = self.is_stalled() || matches!(self.patience, Some(Patience::Silence(_)));
        if counting && self.away.is_none() {
            self.away = Some(Instant::now());
        }
    }

    /// Waits until something is due. A ping is due once.
    pub(super) fn poll_due(&mut self, cx: &mut Context<'_>) -> Poll<Due> {
        loop {
            let now = Instant::now();
            self.take_stock(now);
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

    /// Notes what happened since the last time, and that the session's code waits again.
    fn take_stock(&mut self, now: Instant) {
        if let Some(from) = self.away.take() {
            self.unwatched += now.duration_since(from);
            if let Some(Stall { since, .. }) = &mut self.stalled {
                *since += now.duration_since(from.max(*since));
            }
        }
        if std::mem::take(&mut self.heard) {
            self.last_heard = now;
            self.pinged = None;
            self.unwatched = Duration::ZERO;
        }
    }

    /// The earliest deadline; of equal ones, the most serious.
    fn next_due(&self) -> Option<(Instant, Due)> {
        let Policy {
            heartbeat,
            send_timeout,
            ..
        } = *self.policy;
        let cut = self
            .stalled
            .map(|stall| (after(stall.since, send_timeout), Due::Cut));
        let idle = self.idle().map(|deadline| (deadline, Due::Idle));
        let quiet_since = self.last_heard.max(self.last_ping);
        let ping = heartbeat.map(|every| (after(quiet_since, every.max(SHORTEST)), Due::Ping));
        [cut, idle, ping]
            .into_iter()
            .flatten()
            .min_by_key(|(deadline, _)| *deadline)
    }

    /// When the client will be idle, if that is known.
    fn idle(&self) -> Option<Instant> {
        match self.patience? {
            // A ping that cannot leave cannot be answered. A stalled client is cut off instead.
            Patience::SincePing(_) if self.is_stalled() => None,
            Patience::SincePing(wait) => self.pinged.map(|pinged| after(pinged, wait)),
            Patience::Silence(wait) => Some(after(after(self.last_heard, self.unwatched), wait)),
        }
    }
}

impl Patience {
    fn of(policy: &Policy) -> Option<Self> {
        let idle = policy.idle?;
        let after_ping = policy.heartbeat.and_then(|every| {
            idle.checked_sub(every.max(SHORTEST))
                .filter(|wait| !wait.is_zero())
        });
        Some(after_ping.map_or(Self::Silence(idle), Self::SincePing))
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, Due};
    use crate::{Endpoint, endpoint::Policy};
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

    struct Silent;

    impl Endpoint for Silent {
        const NAME: &'static str = "silent";
        const HEARTBEAT: Option<Duration> = None;
        const IDLE: Option<Duration> = Some(Duration::from_secs(70));
    }

    /// What is due next, and after how many seconds. A ping is sent.
    async fn next(clock: &mut Clock) -> (u64, Due) {
        let from = Instant::now();
        let due = poll_fn(|cx| clock.poll_due(cx)).await;
        if due == Due::Ping {
            clock.pinged();
        }
        (from.elapsed().as_secs(), due)
    }

    /// Waits, and checks that nothing is due.
    async fn watch(clock: &mut Clock, seconds: u32) {
        assert!(timeout(seconds * SECOND, next(clock)).await.is_err());
        clock.leave();
    }

    #[tokio::test(start_paused = true)]
    async fn pings_until_it_gives_up() {
        let mut clock = Clock::new(Policy::of::<Watched>());
        assert_eq!(next(&mut clock).await, (30, Due::Ping));
        assert_eq!(next(&mut clock).await, (30, Due::Ping));
        assert_eq!(next(&mut clock).await, (10, Due::Idle));
    }

    #[tokio::test(start_paused = true)]
    async fn a_ping_that_is_late_can_be_answered() {
        let mut clock = Clock::new(Policy::of::<Watched>());
        advance(500 * SECOND).await;
        assert_eq!(next(&mut clock).await, (0, Due::Ping));
        assert_eq!(next(&mut clock).await, (30, Due::Ping));
        assert_eq!(next(&mut clock).await, (10, Due::Idle));
        clock.heard();
        assert_eq!(next(&mut clock).await, (30, Due::Ping));
        assert_eq!(next(&mut clock).await, (30, Due::Ping));
        assert_eq!(next(&mut clock).await, (10, Due::Idle));
    }

    #[tokio::test(start_paused = true)]
    async fn a_ping_that_is_held_up_can_be_answered() {
        let mut clock = Clock::new(Policy::of::<Watched>());
        assert_eq!(next(&mut clock).await, (30, Due::Ping));
        watch(&mut clock, 25).await;
        clock.stall(0);
        watch(&mut clock, 4).await;
        clock.flow();
        assert_eq!(next(&mut clock).await, (1, Due::Ping));
        assert_eq!(next(&mut clock).await, (30, Due::Ping));
        assert_eq!(next(&mut clock).await, (9, Due::Idle));
    }

    #[tokio::test(start_paused = true)]
    async fn a_ping_that_was_never_sent_is_not_waited_for() {
        let mut clock = Clock::new(Policy::of::<Watched>());
        for _ in 0..5 {
            let due = poll_fn(|cx| clock.poll_due(cx)).await;
            assert_eq!(due, Due::Ping);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn silence_counts_only_while_somebody_waits() {
        let mut clock = Clock::new(Policy::of::<Silent>());
        advance(500 * SECOND).await;
        watch(&mut clock, 40).await;
        advance(500 * SECOND).await;
        clock.leave();
        watch(&mut clock, 20).await;
        assert_eq!(next(&mut clock).await, (10, Due::Idle));
        clock.heard();
        assert_eq!(next(&mut clock).await, (70, Due::Idle));
    }

    #[tokio::test(start_paused = true)]
    async fn a_stall_counts_only_while_somebody_waits() {
        let mut clock = Clock::new(Policy::of::<Watched>());
        clock.stall(0);
        watch(&mut clock, 4).await;
        advance(500 * SECOND).await;
        assert_eq!(next(&mut clock).await, (0, Due::Ping));
        assert_eq!(next(&mut clock).await, (6, Due::Cut));
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
        clock.stall(0);
        watch(&mut clock, 8).await;
        clock.stall(0);
        assert_eq!(next(&mut clock).await, (2, Due::Cut));
        clock.flow();
        assert_eq!(next(&mut clock).await, (20, Due::Ping));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_bytes_slowly_is_not_cut_off() {
        let mut clock = Clock::new(Policy::of::<Unwatched>());
        for written in 0..5 {
            clock.stall(written);
            watch(&mut clock, 9).await;
        }
        clock.stall(4);
        assert_eq!(next(&mut clock).await, (1, Due::Cut));
    }

    #[tokio::test(start_paused = true)]
    async fn a_nearer_deadline_sets_the_timer_again() {
        let mut clock = Clock::new(Policy::of::<Watched>());
        assert!(timeout(SECOND, next(&mut clock)).await.is_err());
        clock.stall(0);
        assert_eq!(next(&mut clock).await, (10, Due::Cut));
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_due_without_limits() {
        let mut clock = Clock::new(Policy::of::<Unwatched>());
        assert!(timeout(1000 * SECOND, next(&mut clock)).await.is_err());
        clock.stall(0);
        assert_eq!(next(&mut clock).await, (10, Due::Cut));
    }
}
