//! The channels that a session listens to.

use super::wire::Wire;
use crate::{Event, Lagged, Message, RecvError, Subscription};
use std::task::{Context, Poll, ready};

/// So many messages of one channel are relayed in a row.
const BATCH: usize = 32;

/// The subscriptions of a session, asked in turn.
#[derive(Debug, Default)]
pub(crate) struct Feeds {
    feeds: Vec<Feed>,
    /// Which one to ask first.
    turn: usize,
}

#[derive(Debug)]
struct Feed {
    label: &'static str,
    subscription: Subscription,
    hearer: Hearer,
    /// How many messages are to be delivered before the session says goodbye.
    owed: u64,
}

/// Who gets the messages of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hearer {
    /// The session's code, as events.
    Code,
    /// The client, at once.
    Client,
}

impl Feeds {
    pub(crate) fn add(&mut self, label: &'static str, subscription: Subscription, hearer: Hearer) {
        if self.feeds.is_empty() {
            // Most sessions listen to one channel, and there are many sessions.
            self.feeds.reserve_exact(1);
        }
        self.feeds.push(Feed {
            label,
            subscription,
            hearer,
            owed: 0,
        });
    }

    /// Waits for the next message, or loss of messages, on any channel. There is no event when
    /// messages were relayed to the client.
    pub(super) fn poll_next(
        &mut self,
        wire: &mut Wire,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Event>> {
        let mut left = self.feeds.len();
        while left > 0 {
            left -= 1;
            if self.turn >= self.feeds.len() {
                self.turn = 0;
            }
            let Some(feed) = self.feeds.get_mut(self.turn) else {
                break;
            };
            match feed.poll(wire, cx) {
                Poll::Pending => self.turn += 1,
                Poll::Ready(Err(RecvError::Closed)) => drop(self.feeds.remove(self.turn)),
                Poll::Ready(Ok(message)) => {
                    self.turn += 1;
                    return Poll::Ready(message.map(|message| feed.message(message)));
                }
                Poll::Ready(Err(RecvError::Lagged(missed))) => {
                    return Poll::Ready(Some(feed.lagged(missed)));
                }
            }
        }
        Poll::Pending
    }

    /// Notes what is to be delivered before the session says goodbye: all that waits now.
    pub(super) fn note_owed(&mut self) {
        for feed in &mut self.feeds {
            feed.owed = feed.subscription.unread();
        }
    }

    /// Waits until all that is to be delivered before the session says goodbye is relayed, or for
    /// the next event of it.
    pub(super) fn poll_owed(
        &mut self,
        wire: &mut Wire,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Event>> {
        for feed in &mut self.feeds {
            if let Some(event) = ready!(feed.poll_owed(wire, cx)) {
                return Poll::Ready(Some(event));
            }
        }
        Poll::Ready(None)
    }
}

impl Feed {
    /// Waits for the next message for the session's code, or relays what there is.
    fn poll(
        &mut self,
        wire: &mut Wire,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Message>, RecvError>> {
        match self.hearer {
            Hearer::Code => self.subscription.poll_recv(cx).map_ok(Some),
            Hearer::Client => self.poll_relay(wire, cx).map_ok(|()| None),
        }
    }

    /// Queues messages for the client, as many as there are and as it takes. A client that takes
    /// none falls behind.
    fn poll_relay(&mut self, wire: &mut Wire, cx: &mut Context<'_>) -> Poll<Result<(), RecvError>> {
        ready!(wire.poll_room(cx));
        let mut next = Some(ready!(self.subscription.poll_recv(cx))?);
        let mut count = 0;
        while let Some(message) = next {
            wire.relay(message);
            count += 1;
            let goes_on = count < BATCH && wire.has_room();
            next = goes_on.then(|| self.subscription.next_ahead()).flatten();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_owed(&mut self, wire: &mut Wire, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        while self.owed > 0 {
            if self.hearer == Hearer::Client {
                ready!(wire.poll_room(cx));
            }
            match self.subscription.poll_recv(cx) {
                Poll::Ready(Ok(message)) => {
                    self.owed -= 1;
                    match self.hearer {
                        Hearer::Code => return Poll::Ready(Some(self.message(message))),
                        Hearer::Client => wire.relay(message),
                    }
                }
                Poll::Ready(Err(RecvError::Lagged(missed))) => {
                    self.owed = self.owed.saturating_sub(missed);
                    return Poll::Ready(Some(self.lagged(missed)));
                }
                Poll::Ready(Err(RecvError::Closed)) | Poll::Pending => self.owed = 0,
            }
        }
        Poll::Ready(None)
    }

    fn message(&self, message: Message) -> Event {
        Event::Channel(self.label, message)
    }

    fn lagged(&self, missed: u64) -> Event {
        Event::Lagged(Lagged {
            channel: self.label,
            missed,
        })
    }
}
