//! One channel.

use super::{
    RecvError,
    counts::{Counts, Tally},
    log::{Log, Reader},
};
use crate::{
    Message,
    sync::{Arc, Mutex, MutexGuard, lock},
};
use std::task::{Context, Poll, Waker};

/// A channel: its log behind a lock of its own.
///
/// Wakers are called, and they and messages dropped, outside of the lock: all can run foreign code.
pub(super) struct Topic {
    name: Arc<str>,
    log: Mutex<Log>,
}

impl Topic {
    pub(super) fn new(name: Arc<str>) -> Self {
        Self {
            name,
            log: Mutex::default(),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Adds a reader, which gets everything from here on.
    pub(super) fn subscribe(&self, capacity: usize) -> Reader {
        lock(&self.log).subscribe(capacity)
    }

    /// Removes a reader.
    pub(super) fn unsubscribe(&self, reader: &Reader) {
        let left_behind = lock(&self.log).unsubscribe(reader);
        drop(left_behind);
    }

    /// Appends a message, and tells how many readers will see it. The message comes back if the
    /// channel has ended.
    pub(super) fn publish(&self, message: Message) -> Result<usize, Message> {
        let mut log = lock(&self.log);
        if log.has_ended() {
            return Err(message);
        }
        let dropped = log.push(message);
        let readers = log.readers();
        self.wake(log);
        drop(dropped);
        Ok(readers)
    }

    /// Nothing can be published any more: readers get what is left, then the end.
    pub(super) fn end(&self) {
        let mut log = lock(&self.log);
        log.end();
        self.wake(log);
    }

    /// As [`end`](Topic::end), where no readers are left. Answers what happened since the counts
    /// were last taken: nothing more is counted here.
    pub(super) fn retire(&self) -> Counts {
        let mut log = lock(&self.log);
        log.end();
        log.take_counts()
    }

    /// Answers what happened since this was last called.
    pub(super) fn take_counts(&self) -> Counts {
        lock(&self.log).take_counts()
    }

    /// How the channel is doing.
    pub(super) fn tally(&self) -> Tally {
        lock(&self.log).tally()
    }

    /// Reads the next message, or notes whom to wake when there is one.
    pub(super) fn poll_recv(
        &self,
        reader: &mut Reader,
        cx: &Context<'_>,
    ) -> Poll<Result<Message, RecvError>> {
        if let Some(message) = reader.next_ahead() {
            return Poll::Ready(Ok(message));
        }
        let mut log = lock(&self.log);
        if let Some(read) = log.read(reader) {
            return Poll::Ready(read);
        }
        let stale = log.wait(reader, cx.waker());
        drop(log);
        drop(stale);
        Poll::Pending
    }

    /// How many messages a reader has not seen yet.
    pub(super) fn unread(&self, reader: &Reader) -> u64 {
        lock(&self.log).unread(reader)
    }

    fn wake<'a>(&'a self, mut log: MutexGuard<'a, Log>) {
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
