//! Messages and bytes from and to clients.

use super::counters::Counters;
use crate::Message;
use std::{
    array,
    ops::{AddAssign, Sub},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

/// Messages from and to clients, and the bytes of their content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flow {
    pub(crate) received: u64,
    pub(crate) received_bytes: u64,
    pub(crate) sent: u64,
    pub(crate) sent_bytes: u64,
}

impl AddAssign for Flow {
    fn add_assign(&mut self, other: Self) {
        self.received += other.received;
        self.received_bytes += other.received_bytes;
        self.sent += other.sent;
        self.sent_bytes += other.sent_bytes;
    }
}

impl Sub for Flow {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            received: self.received - other.received,
            received_bytes: self.received_bytes - other.received_bytes,
            sent: self.sent - other.sent,
            sent_bytes: self.sent_bytes - other.sent_bytes,
        }
    }
}

/// What one session counts.
///
/// To count a message costs an addition: the sum is reported when the session pauses, and at its
/// end at the latest.
#[derive(Debug)]
pub(crate) struct Meter {
    counters: Arc<Counters>,
    flow: Flow,
    reported: Flow,
}

impl Meter {
    pub(crate) fn new(counters: Arc<Counters>) -> Self {
        Self {
            counters,
            flow: Flow::default(),
            reported: Flow::default(),
        }
    }

    pub(crate) fn received(&mut self, message: &Message) {
        let (messages, bytes) = size(message);
        self.flow.received += messages;
        self.flow.received_bytes += bytes;
    }

    pub(crate) fn sent(&mut self, message: &Message) {
        let (messages, bytes) = size(message);
        self.flow.sent += messages;
        self.flow.sent_bytes += bytes;
    }

    /// What was counted so far.
    pub(crate) const fn flow(&self) -> Flow {
        self.flow
    }

    /// Makes known what was counted since the last time.
    pub(crate) fn report(&mut self) {
        if self.flow != self.reported {
            self.counters.traffic.add(self.flow - self.reported);
            self.reported = self.flow;
        }
    }

    /// What else happens to the session.
    pub(crate) fn counters(&self) -> &Counters {
        &self.counters
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.report();
    }
}

/// Messages and bytes. Control frames are no messages.
fn size(message: &Message) -> (u64, u64) {
    match message {
        Message::Text(text) => (1, text.len() as u64),
        Message::Binary(bytes) => (1, bytes.len() as u64),
        Message::Ping(_) | Message::Pong(_) | Message::Close(_) => (0, 0),
    }
}

/// The sum over all sessions of an endpoint.
///
/// Each thread adds to a stripe of its own, as long as there are enough, so that threads do not
/// take the cache line away from each other.
#[derive(Debug)]
pub(crate) struct Traffic([Stripe; STRIPES]);

const STRIPES: usize = 16;

/// Two cache lines, because some processors fetch them in pairs.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Stripe {
    received: AtomicU64,
    received_bytes: AtomicU64,
    sent: AtomicU64,
    sent_bytes: AtomicU64,
}

impl Default for Traffic {
    fn default() -> Self {
        Self(array::from_fn(|_| Stripe::default()))
    }
}

impl Traffic {
    fn add(&self, flow: Flow) {
        let add = |counter: &AtomicU64, count| {
            if count > 0 {
                counter.fetch_add(count, Ordering::Relaxed);
            }
        };
        if let Some(stripe) = self.0.get(own_stripe()) {
            add(&stripe.received, flow.received);
            add(&stripe.received_bytes, flow.received_bytes);
            add(&stripe.sent, flow.sent);
            add(&stripe.sent_bytes, flow.sent_bytes);
        }
    }

    pub(crate) fn sum(&self) -> Flow {
        let mut sum = Flow::default();
        for stripe in &self.0 {
            sum += Flow {
                received: stripe.received.load(Ordering::Relaxed),
                received_bytes: stripe.received_bytes.load(Ordering::Relaxed),
                sent: stripe.sent.load(Ordering::Relaxed),
                sent_bytes: stripe.sent_bytes.load(Ordering::Relaxed),
            };
        }
        sum
    }
}

/// The stripe of the current thread.
fn own_stripe() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static OWN: usize = NEXT.fetch_add(1, Ordering::Relaxed) % STRIPES;
    }
    // A thread that is ending may have lost its own.
    OWN.try_with(|own| *own).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Counters, Flow, Meter, STRIPES};
    use crate::{Bytes, Message};
    use std::{sync::Arc, thread};

    #[test]
    fn a_session_reports_when_it_pauses_and_at_its_end() {
        let counters = Arc::new(Counters::default());
        let mut meter = Meter::new(Arc::clone(&counters));
        meter.received(&Message::text("hello"));
        meter.sent(&Message::binary(vec![0; 7]));
        assert_eq!(counters.traffic.sum(), Flow::default());
        let expected = Flow {
            received: 1,
            received_bytes: 5,
            sent: 1,
            sent_bytes: 7,
        };
        meter.report();
        meter.report();
        assert_eq!(counters.traffic.sum(), expected);
        meter.sent(&Message::Ping(Bytes::from_static(b"ping")));
        meter.sent(&Message::text(""));
        drop(meter);
        let sent = expected.sent + 1;
        assert_eq!(counters.traffic.sum(), Flow { sent, ..expected });
    }

    #[test]
    fn nothing_is_lost_between_threads() {
        let counters = Arc::new(Counters::default());
        thread::scope(|scope| {
            for _ in 0..2 * STRIPES {
                scope.spawn(|| {
                    let mut meter = Meter::new(Arc::clone(&counters));
                    for _ in 0..100 {
                        meter.received(&Message::text("x"));
                        meter.report();
                    }
                });
            }
        });
        let received = 200 * STRIPES as u64;
        assert_eq!(counters.traffic.sum().received, received);
        assert_eq!(counters.traffic.sum().received_bytes, received);
    }
}
