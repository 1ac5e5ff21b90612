//! The messages of one channel that are still to be read.
//!
//! Messages and wakers that are removed are returned, so that they are dropped outside of the lock.

mod closings;
mod entry;

pub(super) use self::entry::{Entry, Reader};

use self::closings::Closings;
use super::{
    counts::{Counts, Tally},
    error::RecvError,
    publication::Publication,
    waiters::Waiters,
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
    capacity: u32,
    readers: usize,
    waiters: Waiters,
    ended: bool,
    /// How many gaps there were.
    gaps: u64,
    /// The last gap is before the message at this position.
    gap: u64,
    counts: Counts,
    /// Made where it is needed.
    closings: Option<Box<Closings>>,
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
        let capacity = u32::try_from(capacity).unwrap_or(u32::MAX);
        self.capacity = self.capacity.max(capacity).max(1);
        self.readers += 1;
        Reader {
            next: self.head,
            gaps: self.gaps,
            ticket: None,
            listener: None,
            ahead: VecDeque::new(),
        }
    }

    /// Removes a reader. Returns the messages that only it had not read, and its waker.
    pub(super) fn unsubscribe(&mut self, reader: &Reader) -> (Vec<Entry>, Option<Waker>) {
        let waker = reader.ticket.and_then(|ticket| self.waiters.remove(ticket));
        self.readers -= 1;
        self.waiters.shrink(self.readers);
        if let Some(closings) = &mut self.closings {
            closings.unsubscribe(reader);
            self.forget_closings();
        }
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
    pub(super) fn push(&mut self, publication: Publication) -> (Option<Entry>, Vec<Entry>) {
        let is_counted = u64::from(!publication.is_close());
        let entry = Entry {
            message: publication.message,
            except: publication.except,
            remaining: self.readers,
        };
        if self.readers == 0 {
            self.counts.unheard += is_counted;
            return (Some(entry), Vec::new());
        }
        self.counts.heard += is_counted;
        let full = self.entries.len() >= usize::try_from(self.capacity).unwrap_or(usize::MAX);
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
        let position = self.tail();
        let lost = self.pop()?;
        if lost.is_close() && lost.remaining > 0 {
            let closings = self.closings.get_or_insert_default();
            closings.add(position, lost.clone());
        } else {
            self.counts.lagged += lost.remaining as u64;
        }
        Some(lost)
    }

    /// What ends a reader's session, among what it has missed before its new place.
    fn missed_close(&mut self, reader: &Reader, from: u64) -> Option<Message> {
        let closing = self.closings.as_mut()?.take(reader, from);
        self.forget_closings();
        closing
    }

    fn forget_closings(&mut self) {
        if self.closings.as_ref().is_some_and(|kept| kept.is_empty()) {
            self.closings = None;
        }
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
        let new = self.subscribe(1);
        let listener = reader.listener;
        let old = mem::replace(reader, Reader { listener, ..new });
        (entries, waker, old)
    }

    /// Lets a reader skip all gaps so far.
    pub(super) const fn forget_gaps(&self, reader: &mut Reader) {
        reader.gaps = self.gaps;
    }

    /// Returns how many readers will see a message that comes back later. It does not come back if
    /// there are none.
    pub(super) fn announce(&mut self, is_counted: bool) -> usize {
        if self.readers == 0 && is_counted {
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
    /// Messages that follow are read ahead; those that nobody reads any more go to `gone`. `None`:
    /// there is nothing yet.
    pub(super) fn read(
        &mut self,
        reader: &mut Reader,
        gone: &mut Vec<Message>,
    ) -> Option<Result<Message, RecvError>> {
        let missed = self.tail().saturating_sub(reader.next);
        if missed > 0 {
            let from = reader.next;
            reader.next += missed;
            reader.ahead.extend(self.missed_close(reader, from));
            return Some(Err(RecvError::Lagged(missed)));
        }
        let message = loop {
            if self.has_gap(reader) && reader.next >= self.gap {
                reader.gaps = self.gaps;
                return Some(Err(RecvError::Gap));
            }
            if reader.next == self.head {
                self.shrink();
                return self.ended.then_some(Err(RecvError::Closed));
            }
            if let Some(message) = self.take(reader, gone) {
                break message;
            }
        };
        self.read_ahead(reader, size(&message), gone);
        self.shrink();
        Some(Ok(message))
    }

    /// Reads ahead what follows a message of this size.
    fn read_ahead(&mut self, reader: &mut Reader, mut bytes: usize, gone: &mut Vec<Message>) {
        let follow = self.follow(reader);
        let end = reader.next + follow as u64;
        reader.ahead.reserve_exact(follow);
        while reader.next < end && bytes < BATCH_BYTES {
            if let Some(message) = self.take(reader, gone) {
                bytes += size(&message);
                reader.ahead.push_back(message);
            }
        }
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
    /// `None`: the reader does not hear it, or there is none.
    fn take(&mut self, reader: &mut Reader, gone: &mut Vec<Message>) -> Option<Message> {
        let index = self.index(reader.next);
        let entry = self.entries.get_mut(index)?;
        reader.next += 1;
        entry.remaining -= 1;
        let is_heard = !entry.leaves_out(reader);
        self.counts.delivered += u64::from(is_heard && !entry.is_close());
        if entry.remaining > 0 {
            return is_heard.then(|| entry.message.clone());
        }
        let message = self.pop()?.message;
        if is_heard {
            return Some(message);
        }
        gone.push(message);
        None
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
