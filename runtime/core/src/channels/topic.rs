//! One channel.

use super::{
    counts::{Counts, Tally},
    error::RecvError,
    log::{Log, Reader},
    publication::Publication,
    upstream::SharedUpstream,
};
use crate::{
    Message,
    sync::{Arc, Mutex, MutexGuard, lock},
};
use std::task::{Context, Poll, Waker};

/// A channel: its log behind its own lock.
///
/// Wakers are called, and wakers and messages are dropped, outside of the lock: all of this can run
/// foreign code.
pub(super) struct Topic {
    name: Arc<str>,
    log: Mutex<Log>,
    upstream: Option<SharedUpstream>,
}

impl Topic {
    pub(super) fn new(name: Arc<str>, upstream: Option<SharedUpstream>) -> Self {
        Self {
            name,
            log: Mutex::default(),
            upstream,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn shared_name(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }

    /// Adds a reader, which gets everything from here on.
    pub(super) fn subscribe(&self, capacity: usize) -> Reader {
        let mut log = lock(&self.log);
        let reader = log.subscribe(capacity);
        if let Some(upstream) = &self.upstream
            && log.readers() == 1
        {
            upstream.join(&self.name);
        }
        reader
    }

    /// Waits until everything that other processes publish arrives here, and lets a reader begin
    /// there: there may be holes between earlier messages.
    pub(super) async fn joined(&self, reader: &mut Reader) {
        let Some(upstream) = &self.upstream else {
            return;
        };
        let has_waited = upstream.joined(&self.name).await;
        let mut log = lock(&self.log);
        if has_waited {
            let left_behind = log.restart(reader);
            drop(log);
            drop(left_behind);
        } else {
            log.forget_gaps(reader);
        }
    }

    /// Removes a reader.
    pub(super) fn unsubscribe(&self, reader: &Reader) {
        let mut log = lock(&self.log);
        let left_behind = log.unsubscribe(reader);
        if let Some(upstream) = &self.upstream
            && log.readers() == 0
        {
            upstream.leave(&self.name);
        }
        drop(log);
        drop(left_behind);
    }

    /// Appends a message, and returns how many readers will see it. If the channel has ended, the
    /// message is returned.
    pub(super) fn publish(&self, publication: Publication) -> Result<usize, Publication> {
        let mut log = lock(&self.log);
        if log.has_ended() {
            return Err(publication);
        }
        let dropped = log.push(publication);
        let readers = log.readers();
        self.wake(log);
        drop(dropped);
        Ok(readers)
    }

    /// Marks a gap for the present readers. Returns how many there are.
    pub(super) fn mark_gap(&self) -> usize {
        let mut log = lock(&self.log);
        let readers = log.mark_gap();
        self.wake(log);
        readers
    }

    /// Returns how many readers will see a message that upstream has taken.
    pub(super) fn announce(&self, is_counted: bool) -> usize {
        lock(&self.log).announce(is_counted)
    }

    /// Nothing can be published any more: readers get what is left, then the end.
    pub(super) fn end(&self) {
        let mut log = lock(&self.log);
        log.end();
        self.wake(log);
    }

    /// As [`end`](Topic::end), when no readers are left. Takes the counts: nothing more is counted
    /// here.
    pub(super) fn retire(&self) -> Counts {
        let mut log = lock(&self.log);
        log.end();
        log.take_counts()
    }

    /// Takes the counts since this was last called.
    pub(super) fn take_counts(&self) -> Counts {
        lock(&self.log).take_counts()
    }

    /// What is counted on the channel.
    pub(super) fn tally(&self) -> Tally {
        lock(&self.log).tally()
    }

    /// Reads the next message, or notes the waker for the next one.
    pub(super) fn poll_recv(
        &self,
        reader: &mut Reader,
        cx: &Context<'_>,
    ) -> Poll<Result<Message, RecvError>> {
        if let Some(message) = reader.next_ahead() {
            return Poll::Ready(Ok(message));
        }
        // Dropped after the lock is released.
        let mut gone = Vec::new();
        let mut log = lock(&self.log);
        if let Some(read) = log.read(reader, &mut gone) {
            return Poll::Ready(read);
        }
        let stale = log.wait(reader, cx.waker());
        drop(log);
        drop(stale);
        Poll::Pending
    }

    /// How much a reader has not seen yet: messages, and one for a gap.
    pub(super) fn unread(&self, reader: &Reader) -> u64 {
        lock(&self.log).unread(reader)
    }

    fn wake<'a>(&'a self, mut log: MutexGuard<'a, Log>) {
        if log.waiters().is_empty() {
            // In a burst, every reader is awake after the first message.
            return;
        }
        let end = log.waiters().next_ticket();
        loop {
            let (wakers, more) = log.waiters().take(end);
            drop(log);
            wakers.into_iter().flatten().for_each(Waker::wake);
            if !more {
                return;
            }
            log = lock(&self.log);
        }
    }
}
