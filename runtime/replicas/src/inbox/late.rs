//! Messages that arrive too late.
//!
//! A replica abandons a connection on which nothing gets through, and reports on the next one what
//! the others may have missed. What was in flight can still arrive afterwards: out of order, and
//! after the gap that stands for it.

use crate::wire::Sender;
use std::collections::HashMap;

/// The present connection of each other replica.
#[derive(Debug, Default)]
pub(super) struct Late {
    by_origin: HashMap<u64, u64>,
    /// The sender and connection of the last message, which the next one mostly shares.
    last: Option<(u64, u64)>,
}

/// When there are this many origins, all are forgotten, so that they do not pile up. There is one
/// for each start of a process.
const MANY: usize = 4096;

impl Late {
    /// Whether something was sent on an earlier connection than what has already arrived.
    pub(super) fn has(&mut self, sender: Sender) -> bool {
        let now = (sender.origin, sender.connection());
        if self.last == Some(now) {
            return false;
        }
        let (origin, connection) = now;
        if self.by_origin.len() >= MANY && !self.by_origin.contains_key(&origin) {
            self.by_origin.clear();
        }
        let latest = self.by_origin.entry(origin).or_default();
        if connection < *latest {
            return true;
        }
        *latest = connection;
        self.last = Some(now);
        false
    }
}

#[cfg(test)]
mod tests {
    use super::{Late, MANY};
    use crate::wire::{Sender, next_connection};

    const FIRST: u64 = next_connection(0);
    const SECOND: u64 = next_connection(FIRST + 1);

    fn is_late(late: &mut Late, origin: u64, sequence: u64) -> bool {
        late.has(Sender { origin, sequence })
    }

    #[test]
    fn an_earlier_connection_is_late() {
        let mut late = Late::default();
        for (origin, sequence, expected) in [
            (1, FIRST, false),
            (2, FIRST, false),
            // The order on one connection is up to the engine.
            (1, FIRST + 2, false),
            (1, FIRST + 1, false),
            (1, SECOND, false),
            (1, FIRST + 3, true),
            (2, FIRST + 3, false),
            (1, FIRST + 4, true),
            (1, SECOND + 1, false),
        ] {
            assert_eq!(is_late(&mut late, origin, sequence), expected);
        }
    }

    #[test]
    fn origins_do_not_pile_up() {
        let mut late = Late::default();
        for origin in 0..10 * MANY as u64 {
            assert!(!is_late(&mut late, origin, SECOND));
        }
        assert!(late.by_origin.len() <= MANY);
        assert!(is_late(&mut late, 10 * MANY as u64 - 1, FIRST));
    }
}
