//! How many sessions of an endpoint are open.

use super::counters::Counters;
use crate::sync::{Mutex, lock};
use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering},
};

/// The endpoints of an application.
#[derive(Debug, Default)]
pub(crate) struct AllSlots(Mutex<BTreeMap<&'static str, Slots>>);

impl AllSlots {
    /// The endpoint `name`.
    pub(crate) fn of(&self, name: &'static str) -> Slots {
        lock(&self.0).entry(name).or_default().clone()
    }

    /// All endpoints so far, by name.
    pub(crate) fn all(&self) -> BTreeMap<&'static str, Slots> {
        lock(&self.0).clone()
    }
}

/// One endpoint.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slots(Arc<Counters>);

impl Slots {
    /// Whether there is room for one more session now.
    pub(crate) fn has_room(&self, limit: Option<usize>) -> bool {
        limit.is_none_or(|limit| self.0.open.load(Ordering::Relaxed) < limit)
    }

    /// Takes a slot, if there is room.
    pub(crate) fn take(&self, limit: Option<usize>) -> Option<Slot> {
        let more = |open: usize| limit.is_none_or(|limit| open < limit).then_some(open + 1);
        self.0
            .open
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more)
            .ok()
            .map(|_| Slot(self.clone()))
    }

    /// What happens at the endpoint.
    pub(crate) fn counters(&self) -> &Arc<Counters> {
        &self.0
    }
}

/// A session's place under the cap, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Slot(Slots);

impl Slot {
    /// What happens at the endpoint.
    pub(crate) fn counters(&self) -> &Arc<Counters> {
        self.0.counters()
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.counters().open.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::{AllSlots, Slots};

    #[test]
    fn a_slot_is_free_again_when_it_is_dropped() {
        let slots = Slots::default();
        let first = slots.take(Some(1));
        assert!(first.is_some());
        assert!(!slots.has_room(Some(1)));
        assert!(slots.take(Some(1)).is_none());
        drop(first);
        assert!(slots.has_room(Some(1)));
        assert!(slots.take(Some(1)).is_some());
    }

    #[test]
    fn a_limit_of_zero_admits_nobody() {
        assert!(Slots::default().take(Some(0)).is_none());
        assert!(Slots::default().take(None).is_some());
    }

    #[test]
    fn endpoints_are_counted_apart() {
        let all = AllSlots::default();
        let _one = all.of("one").take(Some(1));
        assert!(!all.of("one").has_room(Some(1)));
        assert!(all.of("two").has_room(Some(1)));
        assert_eq!(all.all().into_keys().collect::<Vec<_>>(), ["one", "two"]);
    }
}
