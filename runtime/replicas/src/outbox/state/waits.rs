//! What somebody waits for.

use super::{Mode, State, Wake};
use crate::wire::Subject;
use std::sync::Arc;

/// Somebody who waits until everything has got there.
#[derive(Debug, Default)]
pub(in crate::outbox) struct Flush {
    /// The connection, and the first sequence number that need not have got there.
    until: Option<(u64, u64)>,
}

/// Each answers `None` when there is nothing to wait for any more.
impl State {
    /// Waits until everything that is published on a channel gets here, or a gap will tell what has
    /// not.
    pub(in crate::outbox) fn poll_joined(&mut self, name: &Arc<str>) -> Option<Wake> {
        let joined = *self.subscribed.get(name)?;
        let subject = Subject::channel(Arc::clone(name));
        if !self.connected || !self.bounds.has_room_for_subject(&subject) {
            return None;
        }
        if self.mode != Mode::Up {
            // The connection is opening, and whether this is a part of it nobody knows.
            return Some(Wake::default());
        }
        if self.transit.first() > joined.before {
            return None;
        }
        Some(self.ask())
    }

    /// Waits until everything has got there.
    pub(in crate::outbox) fn poll_flush(&mut self, flush: &mut Flush) -> Option<Wake> {
        if self.mode != Mode::Up {
            flush.until = None;
            return Some(Wake::default());
        }
        let known = flush
            .until
            .filter(|(connection, _)| *connection == self.connection);
        let Some((_, until)) = known else {
            // What is awaited already says nothing about what was sent after it.
            let later = u64::from(!self.probes.is_answered());
            let wake = self.ask();
            flush.until = Some((self.connection, self.transit.next() + later));
            return Some(wake);
        };
        if self.transit.first() >= until {
            return None;
        }
        Some(self.ask())
    }

    /// Asks the engine something, if no answer is awaited already.
    fn ask(&mut self) -> Wake {
        if self.probes.is_answered() {
            self.prove()
        } else {
            Wake::default()
        }
    }
}
