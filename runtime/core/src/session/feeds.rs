//! The channels that a session listens to.

use super::{
    event::{Event, Lagged},
    wire::Wire,
};
use crate::{
    CloseCode, CloseFrame, Message, Missed, RecvError, Subscription, Utf8Bytes,
    channels::ListenerId, close_code,
};
use std::task::{Context, Poll, ready};

/// The most messages of one channel that are relayed in a row.
const BATCH: usize = 32;

/// The subscriptions of a session, which take turns.
#[derive(Debug, Default)]
pub(crate) struct Feeds {
    feeds: Vec<Feed>,
    /// Which one is polled first.
    turn: usize,
}

#[derive(Debug)]
struct Feed {
    label: &'static str,
    subscription: Subscription,
    delivery: Delivery,
    /// Whether the session has joined the channel, and may leave it.
    may_leave: bool,
    /// Whether everything that other replicas publish arrives here.
    is_complete: bool,
    /// How many messages are to be delivered before the session says goodbye.
    owed: u64,
}

/// What polling the client or the channels has brought.
pub(super) enum Step {
    Event(Event),
    /// Not an event for the session's code, but progress: messages were relayed to the client, or
    /// the session has ended.
    Progress,
}

/// Who gets the messages of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// The session's code, as events.
    Handle,
    /// The client, at once.
    Relay,
}

impl Feeds {
    pub(crate) fn add(
        &mut self,
        label: &'static str,
        subscription: Subscription,
        delivery: Delivery,
    ) {
        self.push(Feed {
            label,
            subscription,
            delivery,
            may_leave: false,
            is_complete: false,
            owed: 0,
        });
    }

    /// Adds a channel that the session may leave, and to which everything that other replicas publish
    /// arrives here.
    pub(super) fn join(&mut self, label: &'static str, subscription: Subscription) {
        self.push(Feed {
            label,
            subscription,
            delivery: Delivery::Relay,
            may_leave: true,
            is_complete: true,
            owed: 0,
        });
    }

    /// Leaves a channel that was joined. Returns whether it was.
    pub(super) fn leave(&mut self, name: &str) -> bool {
        let joined = self.feeds.iter().position(|feed| feed.is_joined(name));
        joined.map(|at| self.feeds.remove(at)).is_some()
    }

    pub(super) fn has_joined(&self, name: &str) -> bool {
        self.feeds.iter().any(|feed| feed.is_joined(name))
    }

    /// How many channels were joined.
    pub(super) fn joined_count(&self) -> usize {
        self.feeds.iter().filter(|feed| feed.may_leave).count()
    }

    fn push(&mut self, mut feed: Feed) {
        if self.feeds.is_empty() {
            // Most sessions listen to one channel, and there are many sessions.
            self.feeds.reserve_exact(1);
        }
        let listener = self.id().unwrap_or_else(ListenerId::new);
        feed.subscription.belong_to(listener);
        self.feeds.push(feed);
    }

    /// Who listens here, if anybody listens to anything.
    pub(super) fn id(&self) -> Option<ListenerId> {
        self.feeds.first()?.subscription.listener()
    }

    /// How many subscriptions there are to the channel `name`.
    pub(super) fn subscriptions(&self, name: &str) -> usize {
        let feeds = self.feeds.iter();
        feeds
            .filter(|feed| feed.subscription.name() == name)
            .count()
    }

    /// Waits until everything that other replicas publish on these channels arrives here: once for
    /// each channel, since messages that come in the meantime are dropped.
    pub(crate) async fn joined(&mut self) {
        for feed in self.feeds.iter_mut().filter(|feed| !feed.is_complete) {
            // After the first one, there is usually nothing to wait for.
            feed.subscription.joined().await;
            feed.is_complete = true;
        }
    }

    /// Waits for the next message, or missed messages, of any channel.
    pub(super) fn poll_next(&mut self, wire: &mut Wire, cx: &mut Context<'_>) -> Poll<Step> {
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
                Poll::Ready(Ok(step)) => {
                    self.turn += 1;
                    return Poll::Ready(step);
                }
                Poll::Ready(Err(RecvError::Lagged(missed))) => {
                    return Poll::Ready(feed.lagged(missed, wire));
                }
                Poll::Ready(Err(RecvError::Gap)) => {
                    return Poll::Ready(feed.gap(wire));
                }
            }
        }
        Poll::Pending
    }

    /// Notes what is to be delivered before the session says goodbye: everything that waits now.
    pub(super) fn note_owed(&mut self) {
        for feed in &mut self.feeds {
            feed.owed = feed.subscription.unread();
        }
    }

    /// Delivers some of what is to be delivered before the session says goodbye. `None`: that was
    /// everything. It waits only while the client takes no data.
    pub(super) fn poll_owed(
        &mut self,
        wire: &mut Wire,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Step>> {
        for feed in &mut self.feeds {
            if let Some(step) = ready!(feed.poll_owed(wire, cx)) {
                return Poll::Ready(Some(step));
            }
        }
        Poll::Ready(None)
    }
}

impl Feed {
    fn is_joined(&self, name: &str) -> bool {
        self.may_leave && self.subscription.name() == name
    }

    /// Waits for the next message for the session's code, or relays what there is.
    fn poll(&mut self, wire: &mut Wire, cx: &mut Context<'_>) -> Poll<Result<Step, RecvError>> {
        match self.delivery {
            Delivery::Handle => {
                let received = ready!(self.subscription.poll_recv(cx));
                Poll::Ready(received.map(|message| self.message(message, wire)))
            }
            Delivery::Relay => {
                let relayed = ready!(self.poll_relay(wire, BATCH, cx));
                Poll::Ready(relayed.map(|_| Step::Progress))
            }
        }
    }

    /// Queues messages for the client, at most `most`, and returns how many. A client that takes
    /// no data falls behind.
    fn poll_relay(
        &mut self,
        wire: &mut Wire,
        most: usize,
        cx: &mut Context<'_>,
    ) -> Poll<Result<usize, RecvError>> {
        ready!(wire.poll_room(cx));
        let mut next = Some(ready!(self.subscription.poll_recv(cx))?);
        let mut count = 0;
        while let Some(message) = next {
            match message {
                Message::Close(frame) => drop(end_with(frame, wire)),
                message => wire.relay(message),
            }
            count += 1;
            let continues = count < most && wire.closed().is_none() && wire.has_room();
            next = continues.then(|| self.subscription.next_ahead()).flatten();
        }
        Poll::Ready(Ok(count))
    }

    fn poll_owed(&mut self, wire: &mut Wire, cx: &mut Context<'_>) -> Poll<Option<Step>> {
        if self.owed == 0 {
            return Poll::Ready(None);
        }
        if self.delivery == Delivery::Relay {
            ready!(wire.poll_room(cx));
        }
        let most = usize::try_from(self.owed).map_or(BATCH, |owed| owed.min(BATCH));
        let step = match self.delivery {
            Delivery::Handle => self
                .subscription
                .poll_recv(cx)
                .map_ok(|message| (1, self.message(message, wire))),
            Delivery::Relay => self
                .poll_relay(wire, most, cx)
                .map_ok(|count| (count as u64, Step::Progress)),
        };
        let (count, step) = match step {
            Poll::Ready(Ok((count, step))) => (count, Some(step)),
            Poll::Ready(Err(RecvError::Lagged(missed))) => {
                (missed, Some(self.lagged(missed, wire)))
            }
            Poll::Ready(Err(RecvError::Gap)) => (1, Some(self.gap(wire))),
            // There is no more.
            Poll::Ready(Err(RecvError::Closed)) | Poll::Pending => (self.owed, None),
        };
        self.owed = self.owed.saturating_sub(count);
        Poll::Ready(step)
    }

    fn message(&self, message: Message, wire: &mut Wire) -> Step {
        match message {
            Message::Close(frame) => end_with(frame, wire),
            message => Step::Event(Event::Channel(self.label, message)),
        }
    }

    fn gap(&self, wire: &mut Wire) -> Step {
        match wire.policy().gap {
            Missed::Close => end(wire, close_code::RESTART, "messages may be missing"),
            Missed::Skip => Step::Progress,
            Missed::Handle => Step::Event(Event::Gap(self.label)),
        }
    }

    fn lagged(&self, missed: u64, wire: &mut Wire) -> Step {
        let channel = self.label;
        match wire.policy().lag {
            Missed::Close => end(wire, close_code::AGAIN, "too slow"),
            Missed::Skip => Step::Progress,
            Missed::Handle => Step::Event(Event::Lagged(Lagged { channel, missed })),
        }
    }
}

/// Ends the session.
fn end(wire: &mut Wire, code: CloseCode, reason: &'static str) -> Step {
    wire.close(code, Utf8Bytes::from_static(reason));
    Step::Progress
}

/// Ends the session as somebody wants who has closed one of its channels.
fn end_with(frame: Option<CloseFrame>, wire: &mut Wire) -> Step {
    if let Some(CloseFrame { code, reason }) = frame {
        wire.close(code, reason);
    }
    Step::Progress
}
