//! Channels in their simplest form: positions in a list of messages that never shrinks.

use autumn_ws_core::RecvError;

/// One channel while it exists. Its messages are their own positions: 0, 1, 2, …
#[derive(Debug, Default)]
pub struct Topic {
    /// Messages published while there was a subscription.
    pub head: u64,
    /// Messages before this one are lost for readers that have not read them.
    tail: u64,
    capacity: u64,
    /// The number of gaps, and the message after the last one.
    gaps: u64,
    gap: u64,
    pub subscribers: usize,
    pub senders: usize,
}

/// A subscription's place in its channel.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    next: u64,
    /// The last result was a message: those that were available with it may have been taken along,
    /// and cannot be lost.
    has_read: bool,
    /// The number of gaps when the last one was reported.
    gaps: u64,
}

impl Topic {
    pub fn is_open(&self) -> bool {
        self.subscribers + self.senders > 0
    }

    pub fn subscribe(&mut self, capacity: usize) -> Reader {
        self.capacity = self.capacity.max(capacity.max(1) as u64);
        self.subscribers += 1;
        Reader {
            next: self.head,
            has_read: false,
            gaps: self.gaps,
        }
    }

    /// Returns the message, if it has a receiver.
    pub fn publish(&mut self) -> Option<u64> {
        if self.subscribers == 0 {
            return None;
        }
        self.head += 1;
        self.tail = self.tail.max(self.head.saturating_sub(self.capacity));
        Some(self.head - 1)
    }

    /// Returns how many subscriptions get the gap.
    pub fn mark_gap(&mut self) -> usize {
        self.gaps += 1;
        self.gap = self.head;
        self.subscribers
    }

    /// Whether a reader may get this now; if so, advances it.
    pub fn allows(
        &self,
        reader: &mut Reader,
        answer: Option<Result<u64, RecvError>>,
        has_ended: bool,
    ) -> bool {
        let missed = self.tail.saturating_sub(reader.next);
        let is_at_gap = reader.gaps < self.gaps && reader.next >= self.gap;
        let is_right = match answer {
            Some(Ok(position)) => {
                let is_there = missed == 0 || reader.has_read;
                position == reader.next && position < self.head && is_there && !is_at_gap
            }
            Some(Err(RecvError::Lagged(told))) => missed > 0 && told == missed,
            Some(Err(RecvError::Gap)) => is_at_gap && missed == 0,
            Some(Err(RecvError::Closed)) => reader.next == self.head && has_ended && !is_at_gap,
            None => reader.next == self.head && !has_ended && !is_at_gap,
        };
        reader.has_read = matches!(answer, Some(Ok(_)));
        reader.next += match answer {
            Some(Ok(_)) => 1,
            Some(Err(RecvError::Lagged(_))) => missed,
            _ => 0,
        };
        if answer == Some(Err(RecvError::Gap)) {
            reader.gaps = self.gaps;
        }
        is_right
    }
}

/// The model can be wrong, too.
mod tests {
    use super::Topic;
    use autumn_ws_core::RecvError;

    #[test]
    fn the_model_rejects_wrong_results() {
        let mut topic = Topic::default();
        let fresh = topic.subscribe(2);
        let allows = |topic: &Topic, answer| topic.allows(&mut { fresh }, answer, false);
        assert!(allows(&topic, None));
        assert!(
            !allows(&topic, Some(Ok(0))),
            "a message that was not published"
        );
        topic.publish();
        topic.publish();
        assert!(allows(&topic, Some(Ok(0))));
        assert!(!allows(&topic, None), "a message is kept back");
        assert!(!allows(&topic, Some(Ok(1))), "a message is lost");
        assert!(
            !allows(&topic, Some(Err(RecvError::Closed))),
            "an end too early"
        );
        topic.publish();
        assert!(allows(&topic, Some(Err(RecvError::Lagged(1)))));
        assert!(
            !allows(&topic, Some(Err(RecvError::Lagged(2)))),
            "counted wrongly"
        );
        assert!(!allows(&topic, Some(Ok(1))), "loss without a word");
        assert!(
            !allows(&topic, Some(Ok(0))),
            "more is kept than was asked for"
        );
    }

    #[test]
    fn the_model_rejects_misplaced_gaps() {
        const GAP: Option<Result<u64, RecvError>> = Some(Err(RecvError::Gap));
        let mut topic = Topic::default();
        let mut reader = topic.subscribe(8);
        assert!(!topic.allows(&mut { reader }, GAP, false), "none was there");
        topic.publish();
        topic.mark_gap();
        let mut late = topic.subscribe(8);
        assert!(!topic.allows(&mut late, GAP, false), "it came too late");
        assert!(!topic.allows(&mut { reader }, GAP, false), "too early");
        assert!(topic.allows(&mut reader, Some(Ok(0)), false));
        topic.publish();
        for answer in [None, Some(Ok(1)), Some(Err(RecvError::Closed))] {
            assert!(!topic.allows(&mut { reader }, answer, true), "too late");
        }
        assert!(topic.allows(&mut reader, GAP, false));
        assert!(!topic.allows(&mut { reader }, GAP, false), "twice");
        assert!(topic.allows(&mut reader, Some(Ok(1)), false));
    }
}
