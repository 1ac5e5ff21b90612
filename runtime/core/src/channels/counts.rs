//! What happened on channels, in numbers.

use std::ops::AddAssign;

/// What happened on one channel, or on several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Messages that were published and had a subscriber.
    pub(crate) heard: u64,
    /// Messages that were published and had no subscriber.
    pub(crate) unheard: u64,
    /// Messages that could not be written, and were not published.
    pub(crate) unwritten: u64,
    /// Messages that subscribers have taken, once for each subscriber.
    pub(crate) delivered: u64,
    /// Messages that were dropped before a subscriber had read them, once for each subscriber.
    pub(crate) lagged: u64,
    /// Times that messages may have been missed, once for each subscriber.
    pub(crate) gaps: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.heard += other.heard;
        self.unheard += other.unheard;
        self.unwritten += other.unwritten;
        self.delivered += other.delivered;
        self.lagged += other.lagged;
        self.gaps += other.gaps;
    }
}

/// The channels of one pattern, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Channels that exist now.
    pub(crate) open: usize,
    /// Their subscribers.
    pub(crate) subscribers: usize,
    /// What happened on them, and on those that are gone.
    pub(crate) counts: Counts,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.open += other.open;
        self.subscribers += other.subscribers;
        self.counts += other.counts;
    }
}
