//! What the client sends.

use super::Wire;
use crate::{
    CloseFrame, Closed, Message, Utf8Bytes, close_code, payload, session::violation::close_for,
};
use std::{
    mem,
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

impl Wire {
    /// Reads the next message that the endpoint accepts. `None`: the session has ended, and
    /// everything that was read before is delivered.
    pub(in crate::session) fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Option<Message>> {
        if let Some(message) = self.inbox.pop_front() {
            return Poll::Ready(Some(message));
        }
        if self.closed.is_some() {
            self.flush_close(cx);
            return Poll::Ready(None);
        }
        self.poll_socket(cx)
    }

    fn poll_socket(&mut self, cx: &mut Context<'_>) -> Poll<Option<Message>> {
        if let Some(message) = ready!(self.poll_held()) {
            return Poll::Ready(Some(message));
        }
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
                    return self.accept(message);
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

    /// Takes a message if its kind is accepted, and ends the session if it is not. One that comes
    /// too early waits.
    fn accept(&mut self, message: Message) -> Poll<Option<Message>> {
        let accept = self.policy().accept;
        if accept.takes(&message) {
            self.meter.received(&message);
            return self.admit(message).map(Some);
        }
        self.close(
            close_code::UNSUPPORTED,
            Utf8Bytes::from_static(accept.reason()),
        );
        Poll::Ready(None)
    }

    /// Lets a message pass, or pauses until it may.
    fn admit(&mut self, message: Message) -> Poll<Message> {
        let Some(pace) = &mut self.pace else {
            return Poll::Ready(message);
        };
        match pace.admit(message) {
            Ok(message) => Poll::Ready(message),
            Err(until) => {
                self.clock.pause(until);
                self.meter.counters().delayed.count();
                if !mem::replace(&mut pace.was_held, true) {
                    tracing::debug!("the client sends more than its rate and has to wait");
                }
                Poll::Pending
            }
        }
    }

    /// The message that was delivered last does not count towards the rate.
    #[cfg(feature = "messages")]
    pub(in crate::session) fn excuse(&mut self) {
        if let Some(pace) = &mut self.pace {
            pace.excuse();
        }
    }

    /// The message that had to wait, when it may pass. `None`: none waits, and the client is read.
    fn poll_held(&mut self) -> Poll<Option<Message>> {
        let Some(pace) = &mut self.pace else {
            return Poll::Ready(None);
        };
        let held = ready!(pace.poll_held());
        if held.is_some() {
            self.clock.resume();
        }
        Poll::Ready(held)
    }

    /// Forgets what was read and not delivered.
    pub(super) fn forget_read(&mut self) {
        self.inbox.clear();
        if let Some(pace) = &mut self.pace {
            drop(pace.take_held());
        }
    }

    /// Reads while nothing can be sent, so that the client's pongs and close are noticed.
    pub(super) fn read_ahead(&mut self, cx: &mut Context<'_>) {
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

    /// Whether there is nothing to be read, as far as is known.
    pub(super) fn is_silent(&mut self, cx: &mut Context<'_>) -> bool {
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
