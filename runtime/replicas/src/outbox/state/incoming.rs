//! What comes back from the engine.

use super::{Mode, State};
use crate::outbox::{
    outcome::{Echo, Stuck, Wake},
    transit::{Item, OutOfOrder},
};
use std::{ops::RangeInclusive, time::Duration};

impl State {
    pub(in crate::outbox) fn echo(&mut self, name: &str, sequence: u64) -> Option<(Echo, Wake)> {
        let is_awaited = |item: &Item| match item {
            Item::Echoed(sent, ..) | Item::Sent(sent, _) | Item::Notice(sent) => **sent == *name,
            Item::Confirmed | Item::Held(..) | Item::Gap | Item::Everything | Item::Probe => false,
        };
        Some(match self.come_back(sequence, is_awaited)? {
            Ok(Item::Echoed(_, message, _)) => (Echo::Message(message), self.go_on()),
            Ok(_) => (Echo::Nothing, self.go_on()),
            Err(OutOfOrder) => (Echo::Nothing, self.stop(Stuck::OutOfOrder)),
        })
    }

    pub(in crate::outbox) fn settle(&mut self, sequence: u64) -> Option<(Option<Duration>, Wake)> {
        let is_awaited = |item: &Item| matches!(item, Item::Everything | Item::Probe);
        if self.come_back(sequence, is_awaited)? == Err(OutOfOrder) {
            return Some((None, self.stop(Stuck::OutOfOrder)));
        }
        let time = self.probes.answer(sequence);
        let wake = match self.mode {
            Mode::Up => Wake::PROGRESS.and(self.go_on()),
            Mode::Draining | Mode::Down => Wake::NEWS,
        };
        Some((time, wake))
    }

    pub(in crate::outbox) fn confirm(&mut self, sequences: RangeInclusive<u64>) -> Wake {
        self.transit.confirm(sequences);
        self.go_on()
    }

    /// Something has come back, so more may be sent.
    fn go_on(&mut self) -> Wake {
        Wake::work(self.queue.go_on())
    }

    /// What is published while somebody listens must come back as long as the subscription lasts.
    /// After that it may, because leaving a channel overtakes what is in flight. By then,
    /// everything has its receipt, if there are any.
    fn come_back(
        &mut self,
        sequence: u64,
        is_awaited: impl FnOnce(&Item) -> bool,
    ) -> Option<Result<Item, OutOfOrder>> {
        let subscribed = &self.subscribed;
        let receipts = self.bounds.has_receipts();
        let must_come = |item: &Item| match item {
            Item::Echoed(name, _, awaited) => {
                let joined = subscribed.get(name);
                joined.is_some_and(|joined| joined.join == awaited.join)
                    || receipts && !awaited.is_confirmed
            }
            Item::Everything | Item::Probe => true,
            Item::Sent(..) | Item::Notice(_) => receipts,
            Item::Confirmed | Item::Held(..) | Item::Gap => false,
        };
        let gone = &mut self.gone.items;
        self.transit.settle(sequence, is_awaited, must_come, gone)
    }
}
