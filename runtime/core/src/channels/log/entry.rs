//! A message in the log, and who reads it.

use crate::{
    Message,
    channels::{listener::ListenerId, waiters::Ticket},
    payload::size,
};
use std::collections::VecDeque;

#[derive(Clone)]
pub(in super::super) struct Entry {
    pub(super) message: Message,
    /// Whose readers do not hear it.
    pub(super) except: Option<ListenerId>,
    /// How many readers have yet to read it. Later entries are read later, so this number never
    /// falls from one entry to the next, and only the front entry can be read by all.
    pub(super) remaining: usize,
}

/// A reader's place in the log.
pub(in super::super) struct Reader {
    /// The position of the next message to read.
    pub(super) next: u64,
    /// How many gaps it has seen, or need not see.
    pub(super) gaps: u64,
    /// Its place among those that wait, since it last waited.
    pub(super) ticket: Option<Ticket>,
    /// Whose reader it is, where it is a session's.
    pub(super) listener: Option<ListenerId>,
    /// Messages that were read together with the one before, so that a burst takes the lock once.
    pub(super) ahead: VecDeque<Message>,
}

impl Entry {
    pub(super) fn size(&self) -> usize {
        size(&self.message)
    }

    pub(super) const fn is_close(&self) -> bool {
        matches!(self.message, Message::Close(_))
    }

    /// Whether a reader does not hear it.
    pub(super) fn leaves_out(&self, reader: &Reader) -> bool {
        self.except.is_some() && self.except == reader.listener
    }
}

impl Reader {
    pub(in super::super) const fn listener(&self) -> Option<ListenerId> {
        self.listener
    }

    pub(in super::super) const fn belong_to(&mut self, listener: ListenerId) {
        self.listener = Some(listener);
    }

    /// The next message, if it was read together with the one before.
    pub(in super::super) fn next_ahead(&mut self) -> Option<Message> {
        let message = self.ahead.pop_front()?;
        if self.ahead.is_empty() {
            // Most readers wait most of the time, and should need no memory then.
            self.ahead = VecDeque::new();
        }
        Some(message)
    }
}
