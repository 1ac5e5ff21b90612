//! What is in flight to the engine, and not known to have arrived.

use crate::wire::next_connection;
use autumn_ws_core::{support::size, upstream::Publication};
use std::{collections::VecDeque, mem, ops::RangeInclusive, sync::Arc};

/// What was sent and is not yet known to have arrived, in order.
#[derive(Debug, Default)]
pub(super) struct Transit {
    items: VecDeque<Item>,
    /// A larger item counts as this large.
    largest: usize,
    /// The sequence number of the next one.
    next: u64,
    bytes: usize,
}

/// An item in flight.
#[derive(Debug, PartialEq)]
pub(crate) enum Item {
    /// A message that comes back, because there is a local subscriber.
    Echoed(Arc<str>, Publication, Awaited),
    /// A message that does not come back, and how large it is.
    Sent(Arc<str>, usize),
    /// A notice to the other replicas about a channel. It does not come back.
    Notice(Arc<str>),
    /// An item whose receipt has arrived.
    Confirmed,
    /// A message that was not sent, to be delivered here after those before it.
    Held(Arc<str>, Publication),
    /// Stands for messages that were not held, because there were too many.
    Gap,
    /// A notice to all replicas about all channels. It comes back.
    Everything,
    /// A probe. It comes back.
    Probe,
}

/// What is known about a message that comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Awaited {
    /// Since when there is a subscriber. The message comes back as long as there is.
    pub(super) join: Join,
    /// Whether its receipt has arrived.
    pub(super) is_confirmed: bool,
}

impl Awaited {
    pub(super) const fn since(join: Join) -> Self {
        Self {
            join,
            is_confirmed: false,
        }
    }
}

/// Counts how often channels were joined.
pub(crate) type Join = u64;

impl Item {
    /// Whether dropping it may run code of the application.
    const fn has_payload(&self) -> bool {
        matches!(self, Self::Echoed(..) | Self::Held(..))
    }

    fn size(&self) -> usize {
        match self {
            Self::Echoed(_, publication, _) | Self::Held(_, publication) => {
                size(&publication.message)
            }
            Self::Sent(_, size) => *size,
            Self::Notice(_) | Self::Confirmed | Self::Gap | Self::Everything | Self::Probe => 0,
        }
    }
}

/// The engine has not returned something that should have come earlier.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OutOfOrder;

impl Transit {
    pub(super) fn new(largest: usize) -> Self {
        Self {
            largest,
            ..Self::default()
        }
    }

    fn size(&self, item: &Item) -> usize {
        item.size().min(self.largest)
    }

    /// Adds an item, and returns its sequence number.
    pub(super) fn push(&mut self, item: Item) -> u64 {
        self.bytes += self.size(&item);
        self.items.push_back(item);
        self.next += 1;
        self.next - 1
    }

    /// The sequence numbers of a new connection begin.
    pub(super) fn begin_connection(&mut self) {
        // What is still in flight keeps its numbers.
        if self.items.is_empty() {
            self.next = next_connection(self.next);
        }
    }

    /// Takes an item that has come back. Everything before it has arrived, too, and goes to `gone`;
    /// what must come back should have done so. `None` if it is not awaited.
    pub(super) fn settle(
        &mut self,
        sequence: u64,
        is_awaited: impl FnOnce(&Item) -> bool,
        must_come: impl Fn(&Item) -> bool,
        gone: &mut Vec<Item>,
    ) -> Option<Result<Item, OutOfOrder>> {
        let index = usize::try_from(sequence.checked_sub(self.first())?).ok()?;
        if !is_awaited(self.items.get(index)?) {
            return None;
        }
        let mut before = self.items.iter().take(index);
        if before.any(must_come) {
            return Some(Err(OutOfOrder));
        }
        for _ in 0..index {
            gone.extend(self.pop().filter(Item::has_payload));
        }
        self.pop().map(Ok)
    }

    /// These have arrived. Those that come back are still awaited.
    pub(super) fn confirm(&mut self, sequences: RangeInclusive<u64>) {
        let first = self.first();
        let index = |sequence: u64| usize::try_from(sequence.saturating_sub(first));
        let (Ok(from), Ok(to)) = (index(*sequences.start()), index(*sequences.end())) else {
            return;
        };
        if *sequences.end() < first {
            return;
        }
        let count = to.saturating_add(1).saturating_sub(from);
        for item in self.items.iter_mut().skip(from).take(count) {
            match item {
                Item::Echoed(_, _, awaited) => awaited.is_confirmed = true,
                Item::Sent(..) | Item::Notice(_) => {
                    let size = mem::replace(item, Item::Confirmed).size();
                    self.bytes -= size.min(self.largest);
                }
                _ => {}
            }
        }
        while self.items.front() == Some(&Item::Confirmed) {
            self.pop();
        }
    }

    /// Takes the oldest item.
    pub(super) fn pop(&mut self) -> Option<Item> {
        let item = self.items.pop_front()?;
        self.bytes -= self.size(&item);
        if self.items.is_empty() && self.items.capacity() > SMALL {
            self.items = VecDeque::new();
        }
        Some(item)
    }

    /// Notes that something is missing here.
    pub(super) fn push_gap(&mut self) {
        if self.items.back() != Some(&Item::Gap) {
            self.push(Item::Gap);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Item> {
        self.items.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// The sequence number of the oldest item, or of the next one.
    pub(super) fn first(&self) -> u64 {
        self.next - self.items.len() as u64
    }

    /// The sequence number of the next item.
    pub(super) const fn next(&self) -> u64 {
        self.next
    }
}

/// The room that is kept when it is empty.
const SMALL: usize = 4096;

#[cfg(test)]
mod tests {
    use super::{Awaited, Item, OutOfOrder, SMALL, Transit};
    use autumn_ws_core::Message;

    fn echoed(text: &str) -> Item {
        Item::Echoed("a".into(), Message::text(text).into(), Awaited::since(0))
    }

    fn sent(size: usize) -> Item {
        Item::Sent("a".into(), size)
    }

    fn settle(transit: &mut Transit, sequence: u64) -> Option<Result<Item, OutOfOrder>> {
        let comes = |item: &Item| !matches!(item, Item::Sent(..));
        transit.settle(sequence, comes, comes, &mut Vec::new())
    }

    #[test]
    fn a_returned_item_settles_earlier_ones() {
        let mut transit = Transit::new(10);
        for item in [sent(3), sent(4), echoed("hi"), sent(5), Item::Probe] {
            transit.push(item);
        }
        assert_eq!((transit.len(), transit.bytes()), (5, 14));
        assert_eq!(settle(&mut transit, 2), Some(Ok(echoed("hi"))));
        assert_eq!((transit.first(), transit.len(), transit.bytes()), (3, 2, 5));
        assert_eq!(settle(&mut transit, 4), Some(Ok(Item::Probe)));
        assert_eq!(
            (transit.first(), transit.next(), transit.bytes()),
            (5, 5, 0)
        );
    }

    #[test]
    fn each_connection_has_numbers_of_its_own() {
        let mut transit = Transit::new(10);
        transit.begin_connection();
        let first = transit.push(sent(1));
        // Not while something is in flight, which would not be found any more.
        transit.begin_connection();
        assert_eq!(transit.push(Item::Probe), first + 1);
        assert_eq!(settle(&mut transit, first + 1), Some(Ok(Item::Probe)));
        transit.begin_connection();
        let second = transit.push(Item::Probe);
        assert!(second > first + 1);
        assert_eq!(settle(&mut transit, first + 2), None);
        assert_eq!(settle(&mut transit, second), Some(Ok(Item::Probe)));
    }

    #[test]
    fn confirmed_items_are_removed_when_oldest() {
        let mut transit = Transit::new(10);
        for item in [sent(3), echoed("hi"), sent(40), sent(5)] {
            transit.push(item);
        }
        // Missing items are nothing.
        for sequences in [4..=9, 4..=u64::MAX] {
            transit.confirm(sequences);
        }
        assert_eq!((transit.len(), transit.bytes()), (4, 20));
        transit.confirm(1..=2);
        transit.confirm(2..=2);
        assert_eq!((transit.len(), transit.bytes()), (4, 10));
        transit.confirm(0..=0);
        transit.confirm(0..=0);
        assert_eq!((transit.first(), transit.len(), transit.bytes()), (1, 3, 7));
        // What comes back is still awaited.
        let confirmed = Awaited {
            join: 0,
            is_confirmed: true,
        };
        let hi = Item::Echoed("a".into(), Message::text("hi").into(), confirmed);
        assert_eq!(settle(&mut transit, 1), Some(Ok(hi)));
        transit.confirm(0..=u64::MAX);
        assert_eq!((transit.len(), transit.bytes()), (0, 0));
    }

    #[test]
    fn unexpected_items_change_nothing() {
        let mut transit = Transit::new(10);
        transit.push(echoed("old"));
        assert_eq!(settle(&mut transit, 0), Some(Ok(echoed("old"))));
        transit.push(sent(1));
        transit.push(echoed("new"));
        for sequence in [0, 1, 3, u64::MAX] {
            assert_eq!(settle(&mut transit, sequence), None);
        }
        assert_eq!(transit.len(), 2);
    }

    #[test]
    fn skipped_items_are_out_of_order() {
        let mut transit = Transit::new(10);
        transit.push(echoed("first"));
        transit.push(echoed("second"));
        assert_eq!(settle(&mut transit, 1), Some(Err(OutOfOrder)));
        // Both are still there.
        assert_eq!(transit.pop(), Some(echoed("first")));
        assert_eq!(transit.pop(), Some(echoed("second")));
        assert_eq!(transit.pop(), None);
    }

    #[test]
    fn large_items_count_as_the_limit() {
        let mut transit = Transit::new(10);
        transit.push(sent(7));
        transit.push(echoed("more than ten bytes"));
        assert_eq!(transit.bytes(), 17);
        transit.pop();
        transit.pop();
        assert_eq!(transit.bytes(), 0);
    }

    #[test]
    fn memory_is_given_back() {
        let mut transit = Transit::new(10);
        for _ in 0..=SMALL {
            transit.push(Item::Probe);
        }
        while transit.pop().is_some() {}
        assert_eq!(transit.items.capacity(), 0);
    }
}
