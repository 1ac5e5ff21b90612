//! What callers wait for.

use super::{Mode, State, Wake};
use crate::wire::Subject;
use std::sync::Arc;

/// A caller that waits until everything has arrived there.
#[derive(Debug, Default)]
pub(in crate::outbox) struct Flush {
    /// The connection, and the first sequence number that it need not wait for.
    until: Option<(u64, u64)>,
}

/// Each returns `None` when there is nothing left to wait for.
impl State {
    /// Waits until everything published on a channel arrives here, or a gap will stand for what
    /// does not.
    pub(in crate::outbox) fn poll_joined(&mut self, name: &Arc<str>) -> Option<Wake> {
        let joined = *self.subscribed.get(name)?;
        let subject = Subject::channel(Arc::clone(name));
        if !self.connected || !self.bounds.has_room_for_subject(&subject) {
            return None;
        }
        if self.mode != Mode::Up {
            // The connection is opening, and it is unknown whether this is part of it.
            return Some(Wake::default());
        }
        if self.transit.first() > joined.before {
            return None;
        }
        Some(self.ask())
    }

    /// Waits until everything has arrived there.
    pub(in crate::outbox) fn poll_flush(&mut self, flush: &mut Flush) -> Option<Wake> {
        if self.mode != Mode::Up {
            flush.until = None;
            return Some(Wake::default());
        }
        let known = flush
            .until
            .filter(|(connection, _)| *connection == self.connection);
        let Some((_, until)) = known else {
            // A probe in flight proves nothing about what was sent after it.
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

    /// Sends a probe, if none is in flight.
    fn ask(&mut self) -> Wake {
        if self.probes.is_answered() {
            self.prove()
        } else {
            Wake::default()
        }
    }
}
