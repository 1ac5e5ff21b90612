//! What was published on one channel and is still to be read.
//!
//! Messages and wakers that go are answered, so that they are dropped outside of the lock.

use super::RecvError;
use crate::Message;
use std::{collections::VecDeque, task::Waker};

/// The messages of one channel, from the oldest that somebody has yet to read, and who waits for
/// the next. A plain data structure: the lock is around it.
#[derive(Default)]
pub(super) struct Log {
    entries: VecDeque<Entry>,
    /// The position of the next message to be published. Positions count up from 0.
    head: u64,
    /// At most so many entries are kept; 0 before the first subscription.
    capacity: usize,
    readers: usize,
    /// One seat per reader, with the waker of one that waits.
    seats: Vec<Option<Waker>>,
    vacant: Vec<usize>,
    /// How many seats have a waker.
    waiting: usize,
    ended: bool,
}

pub(super) struct Entry {
    message: Message,
    /// How many readers have yet to read it. Later entries are read later, so this number never
    /// falls from one entry to the next, and only the front can be read by everybody.
    remaining: usize,
}

/// A reader's place in the log.
pub(super) struct Reader {
    /// The position of the next message to read.
    next: u64,
    seat: usize,
}

/// How many wakers are taken at once. They live on the stack meanwhile.
const BATCH: usize = 32;

/// An empty log keeps no more room than this.
const SMALL: usize = 16;

impl Log {
    pub(super) fn subscribe(&mut self, capacity: usize) -> Reader {
        self.capacity = self.capacity.max(capacity).max(1);
        self.readers += 1;
        let seat = self.vacant.pop().unwrap_or_else(|| {
            self.seats.push(None);
            self.seats.len() - 1
        });
        Reader {
            next: self.head,
            seat,
        }
    }

    /// Removes a reader. Answers the messages that only it had not read, and its waker.
    pub(super) fn unsubscribe(&mut self, reader: &Reader) -> (Vec<Entry>, Option<Waker>) {
        let waker = self.take_waker(reader.seat);
        self.vacant.push(reader.seat);
        self.readers -= 1;
        if self.readers == 0 {
            self.seats = Vec::new();
            self.vacant = Vec::new();
        }
        let skip = self.index(reader.next);
        for entry in self.entries.iter_mut().skip(skip) {
            entry.remaining -= 1;
        }
        let read = self.entries.partition_point(|entry| entry.remaining == 0);
        let freed = self.entries.drain(..read).collect();
        self.shrink();
        (freed, waker)
    }

    /// Appends a message for the present readers. Answers what had to go for it.
    pub(super) fn push(&mut self, message: Message) -> Option<Entry> {
        let entry = Entry {
            message,
            remaining: self.readers,
        };
        if self.readers == 0 {
            return Some(entry);
        }
        self.head += 1;
        let full = self.entries.len() >= self.capacity;
        let oldest = full.then(|| self.entries.pop_front()).flatten();
        self.entries.push_back(entry);
        oldest
    }

    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    /// The next message or error of a reader. `None`: not yet.
    pub(super) fn read(&mut self, reader: &mut Reader) -> Option<Result<Message, RecvError>> {
        let missed = self.tail().saturating_sub(reader.next);
        if missed > 0 {
            reader.next += missed;
            return Some(Err(RecvError::Lagged(missed)));
        }
        let index = self.index(reader.next);
        let Some(entry) = self.entries.get_mut(index) else {
            return self.ended.then_some(Err(RecvError::Closed));
        };
        reader.next += 1;
        entry.remaining -= 1;
        if entry.remaining > 0 {
            return Some(Ok(entry.message.clone()));
        }
        let last = self.entries.pop_front().map(|entry| Ok(entry.message));
        self.shrink();
        last
    }

    /// Has a reader woken by the next message. Answers the waker that this replaces.
    pub(super) fn wait(&mut self, reader: &Reader, waker: &Waker) -> Option<Waker> {
        let seat = self.seats.get_mut(reader.seat)?;
        if seat.as_ref().is_some_and(|known| known.will_wake(waker)) {
            return None;
        }
        let stale = seat.replace(waker.clone());
        self.waiting += usize::from(stale.is_none());
        stale
    }

    /// Takes a batch of those who wait, beginning at a seat. The second part of the answer is
    /// where the next batch begins, if there can be one.
    pub(super) fn take_wakers(&mut self, from: usize) -> ([Option<Waker>; BATCH], Option<usize>) {
        let mut wakers = [const { None }; BATCH];
        let mut room = wakers.iter_mut();
        for seat in from..self.seats.len() {
            if self.waiting == 0 {
                break;
            }
            if self.seats.get(seat).is_none_or(Option::is_none) {
                continue;
            }
            let Some(place) = room.next() else {
                return (wakers, Some(seat));
            };
            *place = self.take_waker(seat);
        }
        (wakers, None)
    }

    pub(super) fn readers(&self) -> usize {
        self.readers
    }

    pub(super) fn unread(&self, reader: &Reader) -> u64 {
        self.head - reader.next
    }

    fn take_waker(&mut self, seat: usize) -> Option<Waker> {
        let waker = self.seats.get_mut(seat)?.take();
        self.waiting -= usize::from(waker.is_some());
        waker
    }

    /// The position of the oldest entry.
    fn tail(&self) -> u64 {
        self.head - self.entries.len() as u64
    }

    /// Where an entry is, if it is still there.
    fn index(&self, position: u64) -> usize {
        usize::try_from(position.saturating_sub(self.tail())).unwrap_or(usize::MAX)
    }

    fn shrink(&mut self) {
        if self.entries.is_empty() && self.entries.capacity() > SMALL {
            self.entries = VecDeque::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BATCH, Log, RecvError, SMALL};
    use crate::Message;
    use std::task::Waker;

    fn text(n: u64) -> Message {
        Message::text(n.to_string())
    }

    fn push(log: &mut Log, messages: std::ops::Range<u64>) {
        for n in messages {
            log.push(text(n));
        }
    }

    #[test]
    fn a_message_is_kept_until_everybody_has_read_it() {
        let mut log = Log::default();
        let mut quick = log.subscribe(8);
        let mut slow = log.subscribe(8);
        push(&mut log, 0..2);
        assert_eq!(log.read(&mut quick), Some(Ok(text(0))));
        assert_eq!(log.read(&mut quick), Some(Ok(text(1))));
        assert_eq!(log.read(&mut quick), None);
        assert_eq!(log.entries.len(), 2);
        assert_eq!(log.read(&mut slow), Some(Ok(text(0))));
        assert_eq!(log.entries.len(), 1);
        assert_eq!(log.read(&mut slow), Some(Ok(text(1))));
        assert!(log.entries.is_empty());
    }

    #[test]
    fn nothing_is_kept_for_nobody() {
        let mut log = Log::default();
        assert!(log.push(text(0)).is_some());
        assert!(log.entries.is_empty());
        let mut late = log.subscribe(8);
        assert_eq!(log.read(&mut late), None);
    }

    #[test]
    fn loss_is_counted_exactly() {
        let mut log = Log::default();
        let mut reader = log.subscribe(4);
        push(&mut log, 0..10);
        assert_eq!(log.unread(&reader), 10);
        assert_eq!(log.read(&mut reader), Some(Err(RecvError::Lagged(6))));
        for n in 6..10 {
            assert_eq!(log.read(&mut reader), Some(Ok(text(n))));
        }
        assert_eq!(log.read(&mut reader), None);
    }

    #[test]
    fn the_largest_capacity_counts() {
        let mut log = Log::default();
        let mut small = log.subscribe(0);
        push(&mut log, 0..2);
        assert_eq!(log.read(&mut small), Some(Err(RecvError::Lagged(1))));
        let _large = log.subscribe(8);
        push(&mut log, 2..9);
        assert_eq!(log.read(&mut small), Some(Ok(text(1))));
    }

    #[test]
    fn a_reader_that_goes_frees_what_only_it_had_not_read() {
        let mut log = Log::default();
        let mut quick = log.subscribe(8);
        let slow = log.subscribe(8);
        push(&mut log, 0..4);
        for _ in 0..3 {
            log.read(&mut quick);
        }
        let (freed, _) = log.unsubscribe(&slow);
        assert_eq!(freed.len(), 3);
        assert_eq!(log.read(&mut quick), Some(Ok(text(3))));
        assert!(log.entries.is_empty());
    }

    #[test]
    fn a_reader_that_goes_after_lagging_frees_the_rest() {
        let mut log = Log::default();
        let lagging = log.subscribe(2);
        push(&mut log, 0..9);
        let (freed, _) = log.unsubscribe(&lagging);
        assert_eq!(freed.len(), 2);
        assert!(log.entries.is_empty());
        assert!(log.seats.is_empty());
    }

    #[test]
    fn room_is_given_back() {
        let mut log = Log::default();
        let mut reader = log.subscribe(1000);
        push(&mut log, 0..1000);
        while log.read(&mut reader).is_some() {}
        assert!(log.entries.capacity() <= SMALL);
    }

    #[test]
    fn the_end_comes_after_the_last_message() {
        let mut log = Log::default();
        let mut reader = log.subscribe(8);
        push(&mut log, 0..1);
        log.end();
        assert_eq!(log.read(&mut reader), Some(Ok(text(0))));
        assert_eq!(log.read(&mut reader), Some(Err(RecvError::Closed)));
        assert_eq!(log.read(&mut reader), Some(Err(RecvError::Closed)));
    }

    #[test]
    fn everybody_who_waits_is_woken_once() {
        let mut log = Log::default();
        let readers: Vec<_> = (0..=2 * BATCH).map(|_| log.subscribe(8)).collect();
        for reader in readers.iter().skip(1) {
            log.wait(reader, Waker::noop());
            log.wait(reader, Waker::noop());
        }
        let mut woken = 0;
        let mut from = Some(0);
        while let Some(seat) = from {
            let (wakers, next) = log.take_wakers(seat);
            woken += wakers.iter().flatten().count();
            from = next;
        }
        assert_eq!(woken, 2 * BATCH);
        assert_eq!(log.waiting, 0);
    }

    #[test]
    fn seats_are_used_again() {
        let mut log = Log::default();
        let _first = log.subscribe(8);
        for _ in 0..100 {
            let reader = log.subscribe(8);
            log.wait(&reader, Waker::noop());
            log.unsubscribe(&reader);
        }
        assert_eq!(log.seats.len(), 2);
        assert_eq!(log.waiting, 0);
    }
}
