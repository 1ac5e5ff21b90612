//! What one session counts.

use super::{counters::Counters, traffic::Flow};
use crate::Message;
use std::sync::Arc;

/// What one session counts.
///
/// Counting a message costs an addition. The sum is reported when the session pauses, and at the
/// latest when it ends.
#[derive(Debug)]
pub(crate) struct Meter {
    counters: Arc<Counters>,
    flow: Flow,
    reported: Flow,
}

impl Meter {
    pub(crate) fn new(counters: Arc<Counters>) -> Self {
        Self {
            counters,
            flow: Flow::default(),
            reported: Flow::default(),
        }
    }

    pub(crate) fn received(&mut self, message: &Message) {
        let (messages, bytes) = size(message);
        self.flow.received += messages;
        self.flow.received_bytes += bytes;
    }

    pub(crate) fn sent(&mut self, message: &Message) {
        let (messages, bytes) = size(message);
        self.flow.sent += messages;
        self.flow.sent_bytes += bytes;
    }

    /// What was counted so far.
    pub(crate) const fn flow(&self) -> Flow {
        self.flow
    }

    /// Reports what was counted since the last time.
    pub(crate) fn report(&mut self) {
        if self.flow != self.reported {
            self.counters.traffic.add(self.flow - self.reported);
            self.reported = self.flow;
        }
    }

    /// The counters of the session's endpoint.
    pub(crate) fn counters(&self) -> &Counters {
        &self.counters
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.report();
    }
}

/// Messages and bytes. Control frames do not count as messages.
fn size(message: &Message) -> (u64, u64) {
    match message {
        Message::Text(text) => (1, text.len() as u64),
        Message::Binary(bytes) => (1, bytes.len() as u64),
        Message::Ping(_) | Message::Pong(_) | Message::Close(_) => (0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::traffic::STRIPES, Counters, Flow, Meter};
    use crate::{Bytes, Message};
    use std::{sync::Arc, thread};

    #[test]
    fn a_session_reports_when_it_pauses_and_at_its_end() {
        let counters = Arc::new(Counters::default());
        let mut meter = Meter::new(Arc::clone(&counters));
        meter.received(&Message::text("hello"));
        meter.sent(&Message::binary(vec![0; 7]));
        assert_eq!(counters.traffic.sum(), Flow::default());
        let expected = Flow {
            received: 1,
            received_bytes: 5,
            sent: 1,
            sent_bytes: 7,
        };
        meter.report();
        meter.report();
        assert_eq!(counters.traffic.sum(), expected);
        meter.sent(&Message::Ping(Bytes::from_static(b"ping")));
        meter.sent(&Message::text(""));
        drop(meter);
        let sent = expected.sent + 1;
        assert_eq!(counters.traffic.sum(), Flow { sent, ..expected });
    }

    #[test]
    fn nothing_is_lost_between_threads() {
        let counters = Arc::new(Counters::default());
        thread::scope(|scope| {
            for _ in 0..2 * STRIPES {
                scope.spawn(|| {
                    let mut meter = Meter::new(Arc::clone(&counters));
                    for _ in 0..100 {
                        meter.received(&Message::text("x"));
                        meter.report();
                    }
                });
            }
        });
        let received = 200 * STRIPES as u64;
        assert_eq!(counters.traffic.sum().received, received);
        assert_eq!(counters.traffic.sum().received_bytes, received);
    }
}
