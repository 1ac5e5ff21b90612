//! Messages that arrive too late.
//!
//! A replica abandons a connection on which nothing gets through, and reports on the next one what
//! the others may have missed. What was in flight can still arrive afterwards: out of order, and
//! after the gap that stands for it.

use crate::wire::FrameId;
use std::collections::HashMap;

/// The present connection of each other replica.
#[derive(Debug, Default)]
pub(super) struct Connections {
    by_replica: HashMap<u64, u64>,
    /// The replica and connection of the last message, which the next one usually shares.
    last: Option<(u64, u64)>,
}

/// The most replicas that are remembered: with one more, all are forgotten. Each start of a process
/// is one.
const MANY: usize = 4096;

impl Connections {
    /// Whether something was sent on an earlier connection than what has already arrived.
    pub(super) fn is_late(&mut self, id: FrameId) -> bool {
        let now = (id.replica, id.connection());
        if self.last == Some(now) {
            return false;
        }
        let (replica, connection) = now;
        if self.by_replica.len() >= MANY && !self.by_replica.contains_key(&replica) {
            self.by_replica.clear();
        }
        let latest = self.by_replica.entry(replica).or_default();
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
    use super::{Connections, MANY};
    use crate::wire::{FrameId, next_connection};

    const FIRST: u64 = next_connection(0);
    const SECOND: u64 = next_connection(FIRST + 1);

    fn is_late(connections: &mut Connections, replica: u64, sequence: u64) -> bool {
        connections.is_late(FrameId { replica, sequence })
    }

    #[test]
    fn an_earlier_connection_is_late() {
        let mut connections = Connections::default();
        for (replica, sequence, expected) in [
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
            assert_eq!(is_late(&mut connections, replica, sequence), expected);
        }
    }

    #[test]
    fn origins_do_not_pile_up() {
        let mut connections = Connections::default();
        for replica in 0..10 * MANY as u64 {
            assert!(!is_late(&mut connections, replica, SECOND));
        }
        assert!(connections.by_replica.len() <= MANY);
        assert!(is_late(&mut connections, 10 * MANY as u64 - 1, FIRST));
    }
}
