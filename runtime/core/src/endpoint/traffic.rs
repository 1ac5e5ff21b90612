//! Messages and bytes from and to clients.

use std::{
    array,
    ops::{AddAssign, Sub},
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
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

/// The sum over all sessions of an endpoint.
///
/// Each thread adds to its own stripe, while there are enough, so that threads do not contend for a
/// cache line.
#[derive(Debug)]
pub(crate) struct Traffic([Stripe; STRIPES]);

pub(super) const STRIPES: usize = 16;

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
    pub(super) fn add(&self, flow: Flow) {
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
    // A thread that is ending may have lost its number.
    OWN.try_with(|own| *own).unwrap_or(0)
}
