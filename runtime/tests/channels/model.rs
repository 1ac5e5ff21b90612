//! Channels as simple as they can be: positions in a list of messages that is never shortened.

use autumn_ws::RecvError;

/// One channel while it exists. Its messages are their own positions: 0, 1, 2, …
#[derive(Debug, Default)]
pub struct Topic {
    /// How many messages were published while somebody was subscribed.
    pub head: u64,
    /// Those before are gone for whoever has not read them.
    tail: u64,
    capacity: u64,
    pub subscribers: usize,
    pub senders: usize,
}

/// A subscription's place in its channel.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    next: u64,
    /// The last answer was a message: those that were there with it may have been taken along, and cannot be lost.
    has_read: bool,
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
        }
    }

    /// Answers the message, if it reaches anybody.
    pub fn publish(&mut self) -> Option<u64> {
        if self.subscribers == 0 {
            return None;
        }
        self.head += 1;
        self.tail = self.tail.max(self.head.saturating_sub(self.capacity));
        Some(self.head - 1)
    }

    /// Whether a reader may be given this now, and if so, moves on.
    pub fn allows(
        &self,
        reader: &mut Reader,
        answer: Option<Result<u64, RecvError>>,
        has_ended: bool,
    ) -> bool {
        let missed = self.tail.saturating_sub(reader.next);
        let is_right = match answer {
            Some(Ok(position)) => {
                let is_there = missed == 0 || reader.has_read;
                position == reader.next && position < self.head && is_there
            }
            Some(Err(RecvError::Lagged(told))) => missed > 0 && told == missed,
            Some(Err(RecvError::Closed)) => reader.next == self.head && has_ended,
            None => reader.next == self.head && !has_ended,
        };
        reader.has_read = matches!(answer, Some(Ok(_)));
        reader.next += match answer {
            Some(Ok(_)) => 1,
            Some(Err(RecvError::Lagged(_))) => missed,
            _ => 0,
        };
        is_right
    }
}

/// The model can be wrong too.
mod tests {
    use super::Topic;
    use autumn_ws::RecvError;

    #[test]
    fn what_is_wrong_is_not_allowed() {
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
}
