//! When something is due on a connection.

use crate::{policy::Policy, time::after};
use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::time::{Instant, Sleep, sleep_until};

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
        let ping = heartbeat.map(|heartbeat| (after(quiet_since, heartbeat), Due::Ping));
        [cut, idle, ping]
            .into_iter()
            .flatten()
            .min_by_key(|(deadline, _)| *deadline)
    }
}
