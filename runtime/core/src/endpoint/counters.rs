//! What is counted at one endpoint.

use super::{
    close_label::{CloseLabel, OWN},
    traffic::Traffic,
};
use crate::{
    CloseCode, Closed, ClosedBy,
    close::EXPIRED,
    sync::{Mutex, lock},
};
use std::{
    array,
    borrow::Cow,
    collections::BTreeMap,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
};

/// The most codes of its own for which an application has a series at each endpoint.
const MOST_CHOSEN: usize = 32;

/// What is counted at one endpoint. Its sessions share it.
///
/// Messages are counted in [`Traffic`]; the rest happens a few times in the life of a session.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Sessions that are open now, or about to be.
    pub(crate) open: AtomicUsize,
    pub(crate) opened: Counter,
    rejected: [Counter; Reason::ALL.len()],
    /// Sockets that were granted but did not open, because the client was gone.
    pub(crate) failed: Counter,
    closed: Closings,
    /// Sessions that the application closed with a code of its own, by that code.
    chosen: Mutex<BTreeMap<CloseCode, u64>>,
    /// Clients that took no data for too long.
    pub(crate) send_timeouts: Counter,
    /// Clients that gave no sign of life for too long.
    pub(crate) idle_timeouts: Counter,
    /// Messages of clients that had to wait because of the rate.
    pub(crate) delayed: Counter,
    /// Errors that the sessions' code returned.
    pub(crate) errors: Counter,
    /// Panics of the sessions' code.
    pub(crate) panics: Counter,
    /// Sessions that had not ended when the drain time was over.
    pub(crate) drain_cuts: Counter,
    /// Messages that were not accepted, by kind. Kinds are names of the program.
    invalid: Mutex<BTreeMap<Cow<'static, str>, u64>>,
    pub(crate) traffic: Traffic,
}

impl Counters {
    /// For an endpoint whose code ends sessions with these codes.
    pub(crate) fn of(closes: &[CloseCode]) -> Self {
        let own = closes.iter().copied().filter(|code| is_own(*code));
        Self {
            chosen: Mutex::new(own.map(|code| (code, 0)).collect()),
            ..Self::default()
        }
    }

    pub(crate) fn reject(&self, reason: Reason) {
        if let Some(counter) = self.rejected.get(reason as usize) {
            counter.count();
        }
    }

    pub(crate) fn rejected(&self, reason: Reason) -> u64 {
        self.rejected.get(reason as usize).map_or(0, Counter::get)
    }

    pub(crate) fn close(&self, closed: &Closed) {
        if closed.by() == ClosedBy::Server && self.choose(closed.code()) {
            return;
        }
        if let Some(counter) = self.closed.of(closed.by(), closed.code().into()) {
            counter.count();
        }
    }

    /// Counts a message that was not accepted.
    #[cfg(feature = "messages")]
    pub(crate) fn refuse(&self, kind: Cow<'static, str>) {
        *lock(&self.invalid).entry(kind).or_default() += 1;
    }

    pub(crate) fn invalid(&self) -> BTreeMap<Cow<'static, str>, u64> {
        lock(&self.invalid).clone()
    }

    /// Counts a code that only the application can have chosen. Returns `false` if it is not one, or if
    /// there are too many: the application may repeat what a client says.
    fn choose(&self, code: CloseCode) -> bool {
        if !is_own(code) {
            return false;
        }
        let mut chosen = lock(&self.chosen);
        if !chosen.contains_key(&code) && chosen.len() >= MOST_CHOSEN {
            return false;
        }
        *chosen.entry(code).or_default() += 1;
        true
    }

    /// The codes that the application has chosen, and how often.
    pub(crate) fn chosen(&self) -> BTreeMap<CloseCode, u64> {
        lock(&self.chosen).clone()
    }

    pub(crate) fn closed(&self, by: ClosedBy, code: CloseLabel) -> u64 {
        self.closed.of(by, code).map_or(0, Counter::get)
    }
}

/// Whether only the application can have chosen a code.
fn is_own(code: CloseCode) -> bool {
    OWN.contains(&code) && code != EXPIRED
}

/// A number that only grows.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Why a request for a socket was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    ShuttingDown,
    Handshake,
    Host,
    Origin,
    Connections,
    ConnectionsPer,
    Application,
}

impl Reason {
    /// In the order in which they are checked.
    pub(crate) const ALL: [Self; 7] = [
        Self::ShuttingDown,
        Self::Handshake,
        Self::Host,
        Self::Origin,
        Self::Connections,
        Self::ConnectionsPer,
        Self::Application,
    ];

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::ShuttingDown => "shutting_down",
            Self::Handshake => "handshake",
            Self::Host => "host",
            Self::Origin => "origin",
            Self::Connections => "connections",
            Self::ConnectionsPer => "connections_per",
            Self::Application => "application",
        }
    }
}

/// How sessions ended.
#[derive(Debug)]
struct Closings([[Counter; CloseLabel::COUNT]; 3]);

impl Default for Closings {
    fn default() -> Self {
        Self(array::from_fn(|_| array::from_fn(|_| Counter::default())))
    }
}

impl Closings {
    fn of(&self, by: ClosedBy, code: CloseLabel) -> Option<&Counter> {
        self.0.get(by as usize)?.get(code.index())
    }
}

#[cfg(test)]
mod tests {
    use super::{CloseLabel, ClosedBy, Counters, Reason};
    use crate::Closed;

    #[test]
    fn each_reason_is_counted_apart() {
        let counters = Counters::default();
        for (count, reason) in Reason::ALL.into_iter().enumerate() {
            (0..count).for_each(|_| counters.reject(reason));
        }
        let counts = Reason::ALL.map(|reason| counters.rejected(reason));
        assert_eq!(counts, [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn codes_that_the_application_chooses_are_counted_apart() {
        let counters = Counters::default();
        for code in [4000, 4000, 4321, 3000, 4401, 1000] {
            counters.close(&Closed::with(code, ""));
        }
        let chosen: Vec<_> = counters.chosen().into_iter().collect();
        assert_eq!(chosen, [(3000, 1), (4000, 2), (4321, 1)]);
        assert_eq!(counters.closed(ClosedBy::Server, 4401.into()), 1);
        for code in 3000..=4999 {
            counters.close(&Closed::with(code, ""));
        }
        assert_eq!(counters.chosen().len(), super::MOST_CHOSEN);
        let folded = |code: u16| counters.closed(ClosedBy::Server, code.into());
        assert_eq!(folded(3000) + folded(4000), 2000 - 1 - 32);
    }

    #[test]
    fn declared_codes_are_counted_from_the_beginning() {
        let counters = Counters::of(&[4001, 4401, 1000]);
        let chosen: Vec<_> = counters.chosen().into_iter().collect();
        assert_eq!(chosen, [(4001, 0)]);
    }

    #[test]
    fn no_client_creates_a_series() {
        let counters = Counters::default();
        for code in 0..=u16::MAX {
            counters.close(&Closed::by_client(code, "".into()));
        }
        counters.close(&Closed::lost());
        let count = |by, code: u16| counters.closed(by, code.into());
        assert_eq!(count(ClosedBy::Client, 1000), 1);
        assert_eq!(count(ClosedBy::Client, 4000), 999);
        assert_eq!(count(ClosedBy::Client, 0), 65_536 - 2016);
        assert_eq!(count(ClosedBy::Network, 1006), 1);
        let by_client = CloseLabel::all().map(|code| counters.closed(ClosedBy::Client, code));
        assert_eq!(by_client.sum::<u64>(), 65_536);
    }
}
