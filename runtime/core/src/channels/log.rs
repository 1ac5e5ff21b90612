//! The messages of one channel that are still to be read.
//!
//! Messages and wakers that are removed are returned, so that they are dropped outside of the lock.

use super::{
    counts::{Counts, Tally},
    error::RecvError,
    waiters::{Ticket, Waiters},
};
use crate::{Message, payload::size};
use std::{collections::VecDeque, mem, task::Waker};

/// The messages of one channel, from the oldest that a reader has yet to read, and the readers that
/// wait for the next one. A plain data structure: the lock is around it.
#[derive(Default)]
pub(super) struct Log {
    entries: VecDeque<Entry>,
    /// The size of their messages.
    bytes: usize,
    /// The position of the next message to be published. Positions count up from 0.
    head: u64,
    /// The most entries that are kept; 0 before the first subscription.
    capacity: usize,
    readers: usize,
    waiters: Waiters,
    ended: bool,
    /// How many gaps there were.
    gaps: u64,
    /// The last gap is before the message at this position.
    gap: u64,
    counts: Counts,
}

pub(super) struct Entry {
    message: Message,
    /// How many readers have yet to read it. Later entries are read later, so this number never
    /// falls from one entry to the next, and only the front entry can be read by all.
    remaining: usize,
}

/// A reader's place in the log.
pub(super) struct Reader {
    /// The position of the next message to read.
    next: u64,
    /// How many gaps it has seen, or need not see.
    gaps: u64,
    /// Its place among those that wait, since it last waited.
    ticket: Option<Ticket>,
    /// Messages that were read together with the one before, so that a burst takes the lock once.
    ahead: VecDeque<Message>,
}

impl Entry {
    fn size(&self) -> usize {
        size(&self.message)
    }
}

impl Reader {
    /// The next message, if it was read together with the one before.
    pub(super) fn next_ahead(&mut self) -> Option<Message> {
        let message = self.ahead.pop_front()?;
        if self.ahead.is_empty() {
            // Most readers wait most of the time, and should need no memory then.
            self.ahead = VecDeque::new();
        }
        Some(message)
    }
}

/// The most messages that are read at once.
const BATCH: usize = 32;

/// The most bytes that a reader reads ahead, plus one message.
const BATCH_BYTES: usize = 16 * 1024;

/// The most bytes that a log keeps, unless one message is larger.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The most room that an empty log keeps.
const SMALL: usize = 16;

impl Log {
    pub(super) fn subscribe(&mut self, capacity: usize) -> Reader {
        self.capacity = self.capacity.max(capacity).max(1);
        self.readers += 1;
        Reader {
            next: self.head,
            gaps: self.gaps,
            ticket: None,
            ahead: VecDeque::new(),
        }
    }

    /// Removes a reader. Returns the messages that only it had not read, and its waker.
    pub(super) fn unsubscribe(&mut self, reader: &Reader) -> (Vec<Entry>, Option<Waker>) {
        let waker = reader.ticket.and_then(|ticket| self.waiters.remove(ticket));
        self.readers -= 1;
        self.waiters.shrink(self.readers);
        let skip = self.index(reader.next);
        for entry in self.entries.iter_mut().skip(skip) {
            entry.remaining -= 1;
        }
        let read = self.entries.partition_point(|entry| entry.remaining == 0);
        let freed: Vec<_> = self.entries.drain(..read).collect();
        self.bytes -= freed.iter().map(Entry::size).sum::<usize>();
        self.shrink();
        (freed, waker)
    }

    /// Appends a message for the present readers. Returns what was dropped for it.
    pub(super) fn push(&mut self, message: Message) -> (Option<Entry>, Vec<Entry>) {
        let entry = Entry {
            message,
            remaining: self.readers,
        };
        if self.readers == 0 {
            self.counts.unheard += 1;
            return (Some(entry), Vec::new());
        }
        self.counts.heard += 1;
        let full = self.entries.len() >= self.capacity;
        let oldest = full.then(|| self.lose()).flatten();
        let mut more = Vec::new();
        self.bytes += entry.size();
        while self.bytes > MOST_BYTES
            && let Some(lost) = self.lose()
        {
            more.push(lost);
        }
        self.head += 1;
        self.entries.push_back(entry);
        (oldest, more)
    }

    /// Drops the oldest message for the readers that have not read it.
    fn lose(&mut self) -> Option<Entry> {
        let lost = self.pop()?;
        self.counts.lagged += lost.remaining as u64;
        Some(lost)
    }

    fn pop(&mut self) -> Option<Entry> {
        let oldest = self.entries.pop_front()?;
        self.bytes -= oldest.size();
        Some(oldest)
    }

    /// Marks a gap for the present readers, after everything that was published before. A reader
    /// sees one gap, however many it has not seen yet: the last one, so that nothing can be missing
    /// after it. Returns how many readers there are.
    pub(super) fn mark_gap(&mut self) -> usize {
        self.gaps += 1;
        self.gap = self.head;
        self.counts.gaps += self.readers as u64;
        self.readers
    }

    /// Lets a reader begin again here. Returns what [`unsubscribe`](Log::unsubscribe) returns.
    pub(super) fn restart(&mut self, reader: &mut Reader) -> (Vec<Entry>, Option<Waker>, Reader) {
        let (entries, waker) = self.unsubscribe(reader);
        let old = mem::replace(reader, self.subscribe(1));
        (entries, waker, old)
    }

    /// Lets a reader skip all gaps so far.
    pub(super) const fn forget_gaps(&self, reader: &mut Reader) {
        reader.gaps = self.gaps;
    }

    /// Returns how many readers will see a message that comes back later. It does not come back if
    /// there are none.
    pub(super) fn announce(&mut self) -> usize {
        if self.readers == 0 {
            self.counts.unheard += 1;
        }
        self.readers
    }

    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    /// The next message or error of a reader that has nothing left [ahead](Reader::next_ahead).
    /// Messages that follow are read ahead. `None`: there is nothing yet.
    pub(super) fn read(&mut self, reader: &mut Reader) -> Option<Result<Message, RecvError>> {
        let missed = self.tail().saturating_sub(reader.next);
        if missed > 0 {
            reader.next += missed;
            return Some(Err(RecvError::Lagged(missed)));
        }
        if self.has_gap(reader) && reader.next >= self.gap {
            reader.gaps = self.gaps;
            return Some(Err(RecvError::Gap));
        }
        let Some(message) = self.take(reader) else {
            return self.ended.then_some(Err(RecvError::Closed));
        };
        let follow = self.follow(reader);
        reader.ahead.reserve_exact(follow);
        let mut bytes = size(&message);
        while reader.ahead.len() < follow
            && bytes < BATCH_BYTES
            && let Some(message) = self.take(reader)
        {
            bytes += size(&message);
            reader.ahead.push_back(message);
        }
        self.shrink();
        Some(Ok(message))
    }

    /// How many messages are read ahead: none beyond a gap.
    fn follow(&self, reader: &Reader) -> usize {
        let end = if self.has_gap(reader) {
            self.gap
        } else {
            self.head
        };
        let follow = usize::try_from(end - reader.next).unwrap_or(BATCH);
        follow.min(BATCH - 1)
    }

    /// Whether there is a gap that a reader has not seen.
    fn has_gap(&self, reader: &Reader) -> bool {
        reader.gaps < self.gaps
    }

    /// Takes the message at the reader's place, which is not before the oldest, and advances.
    fn take(&mut self, reader: &mut Reader) -> Option<Message> {
        let index = self.index(reader.next);
        let entry = self.entries.get_mut(index)?;
        reader.next += 1;
        entry.remaining -= 1;
        self.counts.delivered += 1;
        if entry.remaining > 0 {
            return Some(entry.message.clone());
        }
        self.pop().map(|entry| entry.message)
    }

    /// Wakes a reader at the next message. Returns the waker that this replaces.
    pub(super) fn wait(&mut self, reader: &mut Reader, waker: &Waker) -> Option<Waker> {
        self.waiters.wait(&mut reader.ticket, waker)
    }

    pub(super) fn waiters(&mut self) -> &mut Waiters {
        &mut self.waiters
    }

    pub(super) fn readers(&self) -> usize {
        self.readers
    }

    /// Takes the counts since this was last called.
    pub(super) fn take_counts(&mut self) -> Counts {
        mem::take(&mut self.counts)
    }

    /// The counts of this channel since they were last taken.
    pub(super) fn tally(&self) -> Tally {
        Tally {
            open: 1,
            subscribers: self.readers,
            counts: self.counts,
        }
    }

    /// How much a reader has not seen yet: messages, and one for a gap.
    pub(super) fn unread(&self, reader: &Reader) -> u64 {
        let gap = u64::from(self.has_gap(reader));
        self.head - reader.next + reader.ahead.len() as u64 + gap
    }

    /// The position of the oldest entry.
    fn tail(&self) -> u64 {
        self.head - self.entries.len() as u64
    }

    /// The index of an entry, if it still exists.
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
mod tests;
