//! The channels that a session listens to.

use crate::{Event, Lagged, Message, RecvError, Subscription};
use std::task::{Context, Poll};

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
    /// How many messages are to be delivered before the session says goodbye.
    owed: u64,
}

impl Feeds {
    pub(crate) fn add(&mut self, label: &'static str, subscription: Subscription) {
        if self.feeds.is_empty() {
            // Most sessions listen to one channel, and there are many sessions.
            self.feeds.reserve_exact(1);
        }
        self.feeds.push(Feed {
            label,
            subscription,
            owed: 0,
        });
    }

    /// Waits for the next message, or loss of messages, on any channel.
    pub(super) fn poll_next(&mut self, cx: &Context<'_>) -> Poll<Event> {
        let mut left = self.feeds.len();
        while left > 0 {
            left -= 1;
            if self.turn >= self.feeds.len() {
                self.turn = 0;
            }
            let Some(feed) = self.feeds.get_mut(self.turn) else {
                break;
            };
            match feed.subscription.poll_recv(cx) {
                Poll::Pending => self.turn += 1,
                Poll::Ready(Err(RecvError::Closed)) => drop(self.feeds.remove(self.turn)),
                Poll::Ready(Ok(message)) => {
                    self.turn += 1;
                    return Poll::Ready(feed.message(message));
                }
                Poll::Ready(Err(RecvError::Lagged(missed))) => {
                    return Poll::Ready(feed.lagged(missed));
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

    /// The next thing to be delivered before the session says goodbye.
    pub(super) fn next_owed(&mut self, cx: &Context<'_>) -> Option<Event> {
        self.feeds.iter_mut().find_map(|feed| feed.next_owed(cx))
    }
}

impl Feed {
    fn next_owed(&mut self, cx: &Context<'_>) -> Option<Event> {
        if self.owed == 0 {
            return None;
        }
        match self.subscription.poll_recv(cx) {
            Poll::Ready(Ok(message)) => {
                self.owed -= 1;
                Some(self.message(message))
            }
            Poll::Ready(Err(RecvError::Lagged(missed))) => {
                self.owed = self.owed.saturating_sub(missed);
                Some(self.lagged(missed))
            }
            Poll::Ready(Err(RecvError::Closed)) | Poll::Pending => {
                self.owed = 0;
                None
            }
        }
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
