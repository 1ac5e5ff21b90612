//! The connection under a session.

mod closing;

use super::{
    clock::{Clock, Due},
    socket::Socket,
    violation::close_for,
};
use crate::{
    Bytes, CloseCode, CloseFrame, Closed, Message, Utf8Bytes, close, close_code,
    endpoint::{Meter, Policy},
    payload,
};
use std::{
    collections::VecDeque,
    io,
    task::{Context, Poll, ready},
};
use tokio::task::coop;
use tokio_tungstenite::tungstenite;

/// The most pongs that may be unsent. A client that sends more pings without reading is not read.
const PONGS: u32 = 256;

/// After this many idle periods, everything that could be read at the end of the first has been.
const DOUBTS: u8 = 3;

/// How many messages are read ahead while the connection takes no bytes.
const INBOX: usize = 16;

/// When this many bytes were read ahead, no more are.
const INBOX_BYTES: usize = 64 * 1024;

/// A connection with its bookkeeping: what is queued, what is due, and how it ended.
///
/// It outlives the [`Session`](crate::Session) that uses it, for the closing handshake.
pub(crate) struct Wire {
    socket: Socket,
    policy: &'static Policy,
    clock: Clock,
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
            policy,
            clock: Clock::new(policy),
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
        self.policy
    }

    /// How the session ended, if it did.
    pub(crate) fn closed(&self) -> Option<&Closed> {
        self.closed.as_ref()
    }

    /// Reads the next message that the endpoint accepts. `None`: the session has ended, and
    /// everything that was read before is delivered.
    pub(super) fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Option<Message>> {
        if let Some(message) = self.inbox.pop_front() {
            return Poll::Ready(Some(message));
        }
        if self.closed.is_some() {
            self.flush_close(cx);
            return Poll::Ready(None);
        }
        self.poll_socket(cx)
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
        self.inbox.clear();
        if let Some(closed) = &self.closed {
            return closed.clone();
        }
        let frame = close::frame(code, reason);
        let closed = Closed::by_server(frame.code, frame.reason.clone());
        self.closed = Some(closed.clone());
        self.socket.queue(Message::Close(Some(frame)));
        closed
    }

    fn poll_socket(&mut self, cx: &mut Context<'_>) -> Poll<Option<Message>> {
        loop {
            if self.pongs >= PONGS {
                ready!(self.poll_empty(cx));
                if self.closed.is_some() {
                    return Poll::Ready(None);
                }
            }
            let read = ready!(self.socket.poll_read(cx));
            self.clock.heard();
            self.doubts = 0;
            match read {
                Some(Ok(message @ (Message::Text(_) | Message::Binary(_)))) => {
                    return Poll::Ready(self.accept(message));
                }
                Some(Ok(Message::Ping(_))) => {
                    self.pongs += 1;
                }
                Some(Ok(Message::Pong(_))) => {}
                Some(Ok(Message::Close(frame))) => {
                    self.closed = Some(ended_by(frame));
                    // The library has queued the answer.
                    self.flush_close(cx);
                    return Poll::Ready(None);
                }
                Some(Err(error)) => {
                    self.fail(&error, cx);
                    return Poll::Ready(None);
                }
                None => {
                    self.give_up(cx);
                    return Poll::Ready(None);
                }
            }
        }
    }

    /// Takes a message if its kind is accepted, and ends the session if it is not.
    fn accept(&mut self, message: Message) -> Option<Message> {
        let accept = self.policy.accept;
        if accept.takes(&message) {
            self.meter.received(&message);
            return Some(message);
        }
        self.close(
            close_code::UNSUPPORTED,
            Utf8Bytes::from_static(accept.reason()),
        );
        None
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

    /// Reads while nothing can be sent, so that the client's pongs and close are noticed.
    fn read_ahead(&mut self, cx: &mut Context<'_>) {
        while self.closed.is_none()
            && self.reads_ahead()
            && let Poll::Ready(Some(message)) = self.poll_socket(cx)
        {
            self.inbox.push_back(message);
        }
    }

    /// Whether there is room to read one more message ahead.
    fn reads_ahead(&self) -> bool {
        self.inbox.len() < INBOX
            && self.inbox.iter().map(payload::size).sum::<usize>() < INBOX_BYTES
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
            }
        }
        Poll::Ready(())
    }

    /// Whether there is nothing to be read, as far as is known.
    fn is_silent(&mut self, cx: &mut Context<'_>) -> bool {
        if !self.reads_ahead() {
            return false;
        }
        match self.poll_socket(cx) {
            Poll::Ready(message) => {
                self.inbox.extend(message);
                // The session's code waits for it.
                cx.waker().wake_by_ref();
                false
            }
            Poll::Pending if self.clock.has_heard() || self.pongs >= PONGS => false,
            Poll::Pending => {
                self.doubts = if coop::has_budget_remaining() {
                    DOUBTS
                } else {
                    self.doubts.saturating_add(1)
                };
                self.doubts >= DOUBTS
            }
        }
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

    /// Ends the session after a read error.
    fn fail(&mut self, error: &tungstenite::Error, cx: &mut Context<'_>) {
        self.is_unreadable = true;
        match close_for(error) {
            Some((code, reason)) => {
                tracing::debug!(%error, code, "the client broke the protocol");
                self.close(code, Utf8Bytes::from_static(reason));
            }
            None => self.give_up(cx),
        }
    }

    /// Ends the session of a client that will send nothing more. It may still read.
    fn give_up(&mut self, cx: &mut Context<'_>) {
        if !self.socket.is_flushed() {
            let _ = self.poll_empty(cx);
        }
        self.lose();
    }

    /// Ends the session of a client that takes no bytes.
    fn cut(&mut self) {
        self.inbox.clear();
        self.meter.counters().send_timeouts.count();
        self.closed = Some(Closed::cut());
    }

    /// Ends the session without a close frame. Returns how it ended, which may have been earlier.
    fn lose(&mut self) -> Closed {
        self.is_unreadable = true;
        self.closed.get_or_insert_with(Closed::lost).clone()
    }
}

/// How a client's close frame ended the session. In place of a code that must not be sent, the
/// library reports its own code and reason, which it has answered with.
fn ended_by(frame: Option<CloseFrame>) -> Closed {
    match frame {
        None => Closed::by_client(close_code::STATUS, Utf8Bytes::default()),
        Some(CloseFrame { code, reason })
            if code == close_code::PROTOCOL && reason.as_str() == "Protocol violation" =>
        {
            Closed::by_server(code, Utf8Bytes::from_static("protocol error"))
        }
        Some(CloseFrame { code, reason }) => Closed::by_client(code, reason),
    }
}
