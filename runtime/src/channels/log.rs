//! What was published on one channel and is still to be read.

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

    /// Removes a reader. Answers the messages that only it had not read, to be freed.
    pub(super) fn unsubscribe(&mut self, reader: &Reader) -> Vec<Entry> {
        self.take_waker(reader.seat);
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
        freed
    }

    /// Appends a message for the present readers. Answers what had to go, to be freed.
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

    /// Has a reader woken by the next message.
    pub(super) fn wait(&mut self, reader: &Reader, waker: &Waker) {
        if let Some(seat) = self.seats.get_mut(reader.seat) {
            match seat {
                Some(present) => present.clone_from(waker),
                None => {
                    *seat = Some(waker.clone());
                    self.waiting += 1;
                }
            }
        }
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
