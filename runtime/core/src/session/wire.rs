//! The connection under a session.

mod closing;
mod reading;

use super::{clock::Clock, pace::Pace, schedule::Due, socket::Socket};
use crate::{
    Bytes, CloseCode, Closed, Message, Utf8Bytes, close, close_code,
    endpoint::{Meter, Policy},
};
use std::{
    collections::VecDeque,
    io,
    task::{Context, Poll, ready},
};

/// A connection with its bookkeeping: what is queued, what is due, and how it ended.
///
/// It outlives the [`Session`](crate::Session) that uses it, for the closing handshake.
pub(crate) struct Wire {
    socket: Socket,
    clock: Clock,
    /// Where the endpoint has a rate.
    pace: Option<Box<Pace>>,
    /// Messages that were read while a send had to wait. If the client closes, or is lost, they are
    /// still delivered; if the server ends the session, they are dropped.
    inbox: VecDeque<Message>,
    /// How many pings were answered since everything was last flushed.
    pongs: u32,
    /// How often the client was due to be idle, but there may have been more to read than one turn
    /// allows.
    doubts: u8,
    /// The socket returned an error or its end.
    is_unreadable: bool,
    closed: Option<Closed>,
    /// Counts messages from and to the client.
    meter: Meter,
}

impl Wire {
    pub(crate) fn new(socket: Socket, policy: &'static Policy, meter: Meter) -> Self {
        Self {
            socket,
            clock: Clock::new(policy),
            pace: policy.rate.map(|rate| Box::new(Pace::new(rate))),
            inbox: VecDeque::new(),
            pongs: 0,
            doubts: 0,
            is_unreadable: false,
            closed: None,
            meter,
        }
    }

    /// What was counted.
    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// The rules of the session's endpoint.
    pub(super) const fn policy(&self) -> &'static Policy {
        self.clock.policy()
    }

    /// How the session ended, if it did.
    pub(crate) fn closed(&self) -> Option<&Closed> {
        self.closed.as_ref()
    }

    /// Waits until a message may be queued. The connection is read and watched in the meantime.
    pub(super) fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Closed>> {
        self.poll_until(Self::poll_room, cx)
    }

    /// Waits until the connection takes bytes, or is lost.
    pub(super) fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.has_room() {
            return Poll::Ready(());
        }
        self.poll_empty(cx)
    }

    /// Queues a message, after [`poll_ready`](Wire::poll_ready).
    pub(super) fn queue(&mut self, message: Message) -> Result<(), Closed> {
        self.check_open()?;
        self.meter.sent(&message);
        self.socket.queue(message);
        Ok(())
    }

    /// Queues a message, after [`poll_room`](Wire::poll_room), unless the session has ended.
    pub(super) fn relay(&mut self, message: Message) {
        // If it has ended, the next call of `poll_read` reports it.
        let _ = self.queue(message);
    }

    /// Whether a message may be queued without waiting.
    pub(super) fn has_room(&mut self) -> bool {
        !self.clock.is_stalled() && self.socket.has_room()
    }

    /// Waits until everything queued has left. The connection is read and watched in the meantime.
    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Closed>> {
        self.poll_until(Self::poll_empty, cx)
    }

    /// Sends what is queued before the end, as far as the client takes it now: the session's code
    /// may still take its time.
    pub(super) fn flush_close(&mut self, cx: &mut Context<'_>) {
        let is_clean = self.closed.as_ref().is_some_and(Closed::is_clean);
        if is_clean && !self.socket.is_flushed() {
            let _ = self.poll_empty(cx);
        }
    }

    /// Somebody waits for this connection.
    pub(super) fn arrive(&mut self) {
        self.clock.arrive();
        // However busy it is: nothing is received or sent after this moment.
        if self.clock.has_expired() {
            self.expire();
        }
        if self.clock.is_replaced() {
            self.make_room();
        }
    }

    /// Nobody waits for this connection any more, until it is polled again.
    pub(super) fn leave(&mut self) {
        self.clock.leave();
    }

    /// Flushes, then waits for what is due. Ready when the session has ended.
    pub(super) fn poll_tend(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.meter.report();
        if !self.socket.is_flushed() {
            // If it cannot finish now, the clock runs.
            let _ = self.poll_empty(cx);
        }
        self.poll_due(cx)
    }

    /// Ends the session with a close frame behind everything queued. Returns how the session ended,
    /// which may have been earlier and in another way.
    pub(crate) fn close(&mut self, code: CloseCode, reason: Utf8Bytes) -> Closed {
        self.forget_read();
        if let Some(closed) = &self.closed {
            return closed.clone();
        }
        let frame = close::frame(code, reason);
        let closed = Closed::by_server(frame.code, frame.reason.clone());
        self.closed = Some(closed.clone());
        self.socket.queue(Message::Close(Some(frame)));
        closed
    }

    /// Waits for [`poll_room`](Wire::poll_room) or [`poll_empty`](Wire::poll_empty). The connection
    /// is read and watched in the meantime.
    fn poll_until(
        &mut self,
        attempt: fn(&mut Self, &mut Context<'_>) -> Poll<()>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Closed>> {
        self.check_open()?;
        if attempt(self, cx).is_pending() {
            self.read_ahead(cx);
            // Again, because reading sends pongs, and so may have used up the wake-up.
            if attempt(self, cx).is_pending() {
                ready!(self.poll_due(cx));
            }
        }
        Poll::Ready(self.check_open())
    }

    /// Waits until everything queued has left, or the connection is lost.
    fn poll_empty(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        // First, so that what a client has seen is counted.
        self.meter.report();
        let flushed = self.socket.poll_flush(cx);
        if flushed.is_ready() {
            self.pongs = 0;
            self.clock.flow();
        }
        self.note(flushed)
    }

    fn note(&mut self, progress: Poll<io::Result<()>>) -> Poll<()> {
        if progress.is_pending() {
            self.clock.stall(self.socket.written());
        }
        progress.map(|done| {
            if done.is_err() {
                self.lose();
            }
        })
    }

    /// Does what is due, when it is due. Ready when the session has ended.
    fn poll_due(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while self.closed.is_none() {
            match ready!(self.clock.poll_due(cx)) {
                Due::Ping => self.ping(cx),
                Due::Idle if self.is_silent(cx) => {
                    self.meter.counters().idle_timeouts.count();
                    self.close(close_code::AWAY, Utf8Bytes::from_static("idle"));
                }
                Due::Idle => self.clock.heard(),
                Due::Cut => self.cut(),
                Due::Expired => self.expire(),
                Due::Replaced => self.make_room(),
                // The session's code waits for a message, or a notice.
                Due::Resume | Due::Look => cx.waker().wake_by_ref(),
            }
        }
        Poll::Ready(())
    }

    /// Asks for a sign of life. If there is no room for it, the clock for a stalled client runs.
    fn ping(&mut self, cx: &mut Context<'_>) {
        if self.poll_room(cx).is_ready() {
            self.socket.queue(Message::Ping(Bytes::new()));
            self.clock.pinged();
            let _ = self.poll_empty(cx);
        }
    }

    fn check_open(&self) -> Result<(), Closed> {
        self.closed.clone().map_or(Ok(()), Err)
    }

    /// Ends the session because its time is over.
    fn expire(&mut self) {
        self.close(close::EXPIRED, Utf8Bytes::from_static("expired"));
    }

    /// Ends the session because another one has taken its place.
    fn make_room(&mut self) {
        self.close(close::REPLACED, Utf8Bytes::from_static("replaced"));
    }

    /// The deadlines of the connection.
    pub(super) const fn clock(&mut self) -> &mut Clock {
        &mut self.clock
    }

    /// Ends the session of a client that takes no bytes.
    fn cut(&mut self) {
        self.forget_read();
        self.meter.counters().send_timeouts.count();
        self.closed = Some(Closed::cut());
    }

    /// Ends the session without a close frame. Returns how it ended, which may have been earlier.
    fn lose(&mut self) -> Closed {
        self.is_unreadable = true;
        if self.closed.is_none()
            && let Some(pace) = &mut self.pace
        {
            self.inbox.extend(pace.take_held());
        }
        self.closed.get_or_insert_with(Closed::lost).clone()
    }
}
