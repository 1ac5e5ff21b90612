//! When something is due on a connection.

use super::schedule::{Due, Notice, SHORTEST, Schedule};
use crate::{
    endpoint::{Policy, Seat},
    time::after,
};
use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep_until};

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
    /// Made where it is needed.
    schedule: Option<Box<Schedule>>,
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
            schedule: Schedule::of(policy, now),
        }
    }

    /// The rules of the session's endpoint.
    pub(super) const fn policy(&self) -> &'static Policy {
        self.policy
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

    /// The client is not read before this moment. In the meantime it cannot be idle.
    pub(super) fn pause(&mut self, until: Instant) {
        self.schedule().resume = Some(until);
    }

    /// The client is read again, and has its time for a sign of life.
    pub(super) fn resume(&mut self) {
        if let Some(schedule) = &mut self.schedule {
            schedule.resume = None;
        }
        self.heard();
    }

    /// The session expires at this moment, and no longer at another one.
    pub(super) fn expire(&mut self, at: Instant) {
        self.schedule().expire(at);
    }

    /// Whether the session has expired.
    pub(super) fn has_expired(&self) -> bool {
        let schedule = self.schedule.as_ref();
        schedule.is_some_and(|schedule| schedule.has_expired(Instant::now()))
    }

    /// Keeps the places that the session has taken.
    pub(super) fn take_seats(&mut self, seats: Vec<Seat>) {
        if !seats.is_empty() {
            self.schedule().seats = seats;
        }
    }

    /// Whether another session has taken one of them.
    pub(super) fn is_replaced(&self) -> bool {
        let schedule = self.schedule.as_ref();
        schedule.is_some_and(|schedule| schedule.is_replaced())
    }

    /// What the session's code has to learn now.
    pub(super) fn take_notice(&mut self) -> Option<Notice> {
        self.schedule.as_mut()?.take_notice(Instant::now())
    }

    /// Whether it is time to say goodbye, since the shutdown has begun.
    pub(super) fn is_goodbye(&mut self, begun: Instant) -> bool {
        let spread = self.policy.spread;
        spread.is_zero() || self.schedule().is_goodbye(begun, spread, Instant::now())
    }

    fn schedule(&mut self) -> &mut Schedule {
        self.schedule.get_or_insert_default()
    }

    /// Whether the client is not read now.
    fn is_paused(&self) -> bool {
        let schedule = self.schedule.as_ref();
        schedule.is_some_and(|schedule| schedule.resume.is_some())
    }

    /// Waits until something is due. Everything but a client that is idle or takes no bytes is due
    /// once.
    pub(super) fn poll_due(&mut self, cx: &mut Context<'_>) -> Poll<Due> {
        let schedule = self.schedule.as_ref();
        if schedule.is_some_and(|schedule| schedule.poll_replaced(cx)) {
            return Poll::Ready(Due::Replaced);
        }
        loop {
            let now = Instant::now();
            self.take_stock(now);
            let Some((deadline, due)) = self.next_due() else {
                return Poll::Pending;
            };
            if deadline <= now {
                match due {
                    Due::Ping => self.last_ping = now,
                    Due::Resume => self.resume(),
                    Due::Look => self.schedule().call(),
                    Due::Idle | Due::Cut | Due::Expired | Due::Replaced => {}
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
        let other = self.schedule.as_ref().and_then(|schedule| schedule.next());
        [cut, idle, ping, other]
            .into_iter()
            .flatten()
            .min_by_key(|(deadline, _)| *deadline)
    }

    /// When the client will be idle, if that is known.
    fn idle(&self) -> Option<Instant> {
        if self.is_paused() {
            return None;
        }
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
mod tests;
