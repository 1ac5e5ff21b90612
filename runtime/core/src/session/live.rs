//! What a session does between its socket and its channels.

use super::{
    event::Event,
    feeds::{Feeds, Step},
    wire::Wire,
};
use crate::{Channels, CloseFrame, Closed, Message, Utf8Bytes, close_code, shutdown::Watch};
#[cfg(feature = "messages")]
use crate::{CloseCode, endpoint::Counters};
use std::{
    net::SocketAddr,
    task::{Context, Poll, ready},
};
use tokio::task::coop;

/// After this many events without a pause, the session does what it would do in a pause.
const BURST: u8 = 64;

/// The most bytes that a control frame may contain (RFC 6455, 5.5).
const MOST_IN_CONTROL: usize = 125;

/// The most events in a row from one side while the other side has some, too.
const TURN: u8 = 16;

/// What a session consists of.
///
/// It is behind one pointer, since every function that passes a session on reserves room for it.
pub(crate) struct Live {
    pub(super) wire: Wire,
    pub(super) feeds: Feeds,
    shutdown: Watch,
    goodbye: Goodbye,
    pub(super) peer: Option<SocketAddr>,
    /// Which side is polled first.
    turn: Side,
    /// How many events in a row came from there.
    run: u8,
    /// Events since the last pause.
    burst: u8,
}

/// How far the shutdown of the session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goodbye {
    /// The shutdown has not begun.
    Running,
    /// What was published before is being delivered.
    Begun,
    /// The session's code has got [`Event::Shutdown`].
    Announced,
}

/// Where events come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Client,
    Channels,
}

impl Side {
    const fn other(self) -> Self {
        match self {
            Self::Client => Self::Channels,
            Self::Channels => Self::Client,
        }
    }
}

impl Live {
    pub(super) const fn new(
        wire: Wire,
        feeds: Feeds,
        shutdown: Watch,
        peer: Option<SocketAddr>,
    ) -> Self {
        Self {
            wire,
            feeds,
            shutdown,
            goodbye: Goodbye::Running,
            peer,
            turn: Side::Client,
            run: 0,
            burst: 0,
        }
    }

    /// Watches for the shutdown through another watch from now on.
    pub(super) fn follow(&mut self, shutdown: Watch) {
        self.shutdown = shutdown;
    }

    /// The channels of the application.
    pub(crate) fn channels(&self) -> &Channels {
        self.shutdown.channels()
    }

    /// Waits until the message is queued, and takes it.
    pub(crate) fn poll_send(
        &mut self,
        message: &mut Option<Message>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Closed>> {
        ready!(self.poll_arrive(cx));
        let content = match message {
            Some(Message::Text(_) | Message::Binary(_)) | None => 0,
            Some(Message::Ping(content) | Message::Pong(content)) => content.len(),
            Some(Message::Close(frame)) => {
                let frame = frame.take();
                return Poll::Ready(Err(self.close(frame, cx)));
            }
        };
        if content > MOST_IN_CONTROL {
            tracing::error!(bytes = content, "a ping or pong may have at most 125 bytes");
            return Poll::Ready(Ok(()));
        }
        ready!(self.wire.poll_ready(cx))?;
        Poll::Ready(
            message
                .take()
                .map_or(Ok(()), |message| self.wire.queue(message)),
        )
    }

    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Closed>> {
        ready!(self.poll_arrive(cx));
        self.wire.poll_flush(cx)
    }

    /// Comes first wherever the session's code waits. Code that never has to wait, because its
    /// client is quick, must still let other tasks run.
    fn poll_arrive(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.wire.arrive();
        let proceed = coop::poll_proceed(cx);
        if proceed.is_pending() {
            self.burst = 0;
            // If the session ends here, the next call reports it.
            let _ = self.wire.poll_tend(cx);
        }
        proceed.map(|budget| budget.made_progress())
    }

    /// Closes, and sends the close frame if the connection takes it now.
    fn close(&mut self, frame: Option<CloseFrame>, cx: &mut Context<'_>) -> Closed {
        let (code, reason) = frame.map_or((close_code::NORMAL, Utf8Bytes::default()), |frame| {
            (frame.code, frame.reason)
        });
        let closed = self.wire.close(code, reason);
        self.wire.flush_close(cx);
        closed
    }

    /// The close frame of a shutdown.
    pub(super) fn farewell(&self) -> Message {
        let policy = self.wire.policy();
        Message::Close(Some(CloseFrame {
            code: policy.shutdown_code,
            reason: Utf8Bytes::from_static(policy.shutdown_reason),
        }))
    }

    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        ready!(self.poll_arrive(cx));
        let event = match self.poll_event(cx) {
            Poll::Ready(event) => event,
            Poll::Pending => {
                self.burst = 0;
                ready!(self.wire.poll_tend(cx));
                // It has ended. Messages that were read before are still delivered.
                ready!(self.wire.poll_read(cx)).map(Event::Message)
            }
        };
        self.burst += 1;
        if self.burst >= BURST {
            self.burst = 0;
            // If the session ends here, the next call reports it.
            let _ = self.wire.poll_tend(cx);
        }
        Poll::Ready(event)
    }

    /// Waits for an event, and relays messages in the meantime.
    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        while self.wire.closed().is_none() {
            if let Some(notice) = self.wire.clock().take_notice() {
                return Poll::Ready(Some(notice.into()));
            }
            if let Step::Event(event) = ready!(self.poll_step(cx)) {
                return Poll::Ready(Some(event));
            }
            // Relaying may continue forever, and must let other tasks run.
            ready!(coop::poll_proceed(cx)).made_progress();
        }
        self.wire.poll_read(cx).map(|rest| rest.map(Event::Message))
    }

    /// Polls the client and the channels.
    fn poll_step(&mut self, cx: &mut Context<'_>) -> Poll<Step> {
        match self.poll_goodbye(cx) {
            Poll::Ready(None) => {}
            Poll::Ready(Some(step)) => return Poll::Ready(step),
            // The client takes no data now, but may have sent some.
            Poll::Pending => return self.poll_side(Side::Client, cx),
        }
        let side = self.turn;
        if let Poll::Ready(step) = self.poll_side(side, cx) {
            self.run += 1;
            if self.run >= TURN || matches!(step, Step::Progress) {
                self.give_turn(side.other());
            }
            return Poll::Ready(step);
        }
        let step = ready!(self.poll_side(side.other(), cx));
        // Most bursts come from one side only, which keeps the turn: polling the other costs time.
        self.give_turn(side.other());
        Poll::Ready(step)
    }

    const fn give_turn(&mut self, side: Side) {
        self.turn = side;
        self.run = 0;
    }

    fn poll_side(&mut self, side: Side, cx: &mut Context<'_>) -> Poll<Step> {
        match side {
            Side::Client => self.wire.poll_read(cx).map(|read| {
                // Without a message, the session has ended.
                read.map_or(Step::Progress, |message| {
                    Step::Event(Event::Message(message))
                })
            }),
            Side::Channels => self.feeds.poll_next(&mut self.wire, cx),
        }
    }

    /// What a shutdown delivers: everything published before it, then [`Event::Shutdown`]. It waits
    /// only while the client takes no data.
    fn poll_goodbye(&mut self, cx: &mut Context<'_>) -> Poll<Option<Step>> {
        if self.goodbye == Goodbye::Running
            && let Poll::Ready(begun) = self.shutdown.poll_begun(cx)
            && self.wire.clock().is_goodbye(begun)
        {
            self.feeds.note_owed();
            self.goodbye = Goodbye::Begun;
        }
        if self.goodbye != Goodbye::Begun {
            return Poll::Ready(None);
        }
        let owed = ready!(self.feeds.poll_owed(&mut self.wire, cx));
        Poll::Ready(owed.or_else(|| {
            self.goodbye = Goodbye::Announced;
            Some(Step::Event(Event::Shutdown))
        }))
    }
}

#[cfg(feature = "messages")]
impl Live {
    /// Ends the session. The close frame leaves when the session is polled next.
    pub(crate) fn end(&mut self, code: CloseCode, reason: Utf8Bytes) {
        self.wire.close(code, reason);
    }

    /// The counters of the session's endpoint.
    pub(crate) fn counters(&self) -> &Counters {
        self.wire.meter().counters()
    }

    /// The message that was delivered last does not count towards the endpoint's rate.
    pub(crate) fn excuse(&mut self) {
        self.wire.excuse();
    }
}

#[cfg(test)]
mod tests {
    use super::Live;

    /// There is one for each open socket: what few sessions need is behind a pointer.
    #[test]
    fn a_session_stays_small() {
        assert!(size_of::<Live>() <= 880, "{}", size_of::<Live>());
    }
}
