//! What is due on a connection.

use crate::{
    endpoint::{Policy, Seat},
    time::{after, random_part},
};
use std::{task::Context, time::Duration};
use tokio::time::Instant;

/// How long before its end an expiring session is announced.
const WARNING: Duration = Duration::from_mins(1);

/// The resolution of the timer, so that a period of zero does not spin.
pub(super) const SHORTEST: Duration = Duration::from_millis(1);

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// To ask the client for a sign of life.
    Ping,
    /// To close: the client gave no sign of life.
    Idle,
    /// To give up: the client took no bytes.
    Cut,
    /// To read again: the client had to wait because of its rate.
    Resume,
    /// To close: the session has expired.
    Expired,
    /// To close: another session has taken the place.
    Replaced,
    /// To look for a [`Notice`], or to say goodbye.
    Look,
}

/// What the session's code learns from its clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    /// The endpoint's period has passed.
    Tick,
    /// The session expires after this time.
    Expiring(Duration),
}

/// Deadlines that most sessions do not have.
#[derive(Default)]
pub(super) struct Schedule {
    /// When the client is read again, which has sent more than its rate.
    pub(super) resume: Option<Instant>,
    tick: Option<Tick>,
    expiry: Option<Expiry>,
    /// When the session says goodbye, once the shutdown has begun.
    goodbye: Option<Instant>,
    /// Whether the session's code was woken to look, and has not looked yet.
    has_called: bool,
    /// The places that the session has taken, until its socket is gone.
    pub(super) seats: Vec<Seat>,
}

struct Tick {
    every: Duration,
    next: Instant,
}

struct Expiry {
    at: Instant,
    is_announced: bool,
}

impl Schedule {
    /// What a session of this endpoint begins with, if it has any of this.
    pub(super) fn of(policy: &Policy, now: Instant) -> Option<Box<Self>> {
        let tick = policy.tick.map(|every| {
            let every = every.max(SHORTEST);
            let next = after(now, every);
            Tick { every, next }
        });
        let expiry = policy.lifetime.map(|lifetime| Expiry {
            // Sessions that were opened together should not end together.
            at: after(now, lifetime.saturating_sub(random_part(lifetime / 10))),
            is_announced: false,
        });
        (tick.is_some() || expiry.is_some()).then(|| {
            Box::new(Self {
                tick,
                expiry,
                ..Self::default()
            })
        })
    }

    /// The earliest deadline.
    pub(super) fn next(&self) -> Option<(Instant, Due)> {
        let resume = self.resume.map(|at| (at, Due::Resume));
        let expiry = self.expiry.as_ref().map(|of| (of.at, Due::Expired));
        let look = self.looks().map(|at| (at, Due::Look));
        [expiry, resume, look]
            .into_iter()
            .flatten()
            .min_by_key(|(at, _)| *at)
    }

    /// When the session's code has to look here, if it does not know it yet.
    fn looks(&self) -> Option<Instant> {
        if self.has_called {
            return None;
        }
        let tick = self.tick.as_ref().map(|tick| tick.next);
        let announcement = self.expiry.as_ref().and_then(Expiry::announcement);
        [tick, announcement, self.goodbye]
            .into_iter()
            .flatten()
            .min()
    }

    /// The session's code is woken to look.
    pub(super) const fn call(&mut self) {
        self.has_called = true;
    }

    /// What the session's code has to learn now.
    pub(super) fn take_notice(&mut self, now: Instant) -> Option<Notice> {
        self.has_called = false;
        let expiring = self.expiry.as_mut().and_then(|expiry| expiry.announce(now));
        expiring
            .map(Notice::Expiring)
            .or_else(|| self.tick.as_mut()?.take(now).then_some(Notice::Tick))
    }

    /// The session ends at this moment, and no longer at an earlier or later one.
    pub(super) fn expire(&mut self, at: Instant) {
        self.expiry = Some(Expiry {
            at,
            is_announced: false,
        });
    }

    /// Whether the session has expired.
    pub(super) fn has_expired(&self, now: Instant) -> bool {
        self.expiry.as_ref().is_some_and(|expiry| expiry.at <= now)
    }

    /// Whether another session has taken a place of this one.
    pub(super) fn is_replaced(&self) -> bool {
        self.seats.iter().any(Seat::is_replaced)
    }

    /// As [`is_replaced`](Schedule::is_replaced); wakes the task when that changes.
    pub(super) fn poll_replaced(&self, cx: &Context<'_>) -> bool {
        let mut seats = self.seats.iter();
        seats.any(|seat| seat.poll_replaced(cx))
    }

    /// Whether it is time to say goodbye, somewhere within `spread` after the shutdown began.
    pub(super) fn is_goodbye(&mut self, begun: Instant, spread: Duration, now: Instant) -> bool {
        let goodbye = self
            .goodbye
            .get_or_insert_with(|| after(begun, random_part(spread)));
        let is_time = *goodbye <= now;
        if is_time {
            self.goodbye = None;
        }
        is_time
    }
}

impl Tick {
    /// Whether a period has passed. Those that are late are skipped.
    fn take(&mut self, now: Instant) -> bool {
        let Some(late) = now.checked_duration_since(self.next) else {
            return false;
        };
        let periods = late.as_nanos() / self.every.as_nanos() + 1;
        let periods = u32::try_from(periods).unwrap_or(u32::MAX);
        self.next = after(self.next, self.every.saturating_mul(periods));
        true
    }
}

impl Expiry {
    fn announcement(&self) -> Option<Instant> {
        let at = self.at.checked_sub(WARNING).unwrap_or(self.at);
        (!self.is_announced).then_some(at)
    }

    /// How much time is left, when that is to be announced.
    fn announce(&mut self, now: Instant) -> Option<Duration> {
        let is_time = self.announcement()? <= now;
        self.is_announced = is_time;
        is_time.then(|| self.at.saturating_duration_since(now))
    }
}
