//! The messages under a session.
//!
//! axum's own socket is not used, for three reasons. After a client's error it can neither be read
//! nor half-closed, so the client gets a reset, and may never see the close frame that says what was
//! wrong. It does not show whether a client takes bytes slowly or not at all. And it takes several
//! times the memory per socket and the work per message.
//!
//! The library under axum's socket reads what a client sends, and answers pings and close frames.
//! Text and binary messages to the client are written here: a header before a payload.

use super::connection::Connection;
use crate::{Bytes, CloseFrame, Message, Utf8Bytes};
use futures_util::{Sink, Stream};
use hyper::upgrade::Upgraded;
use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        self,
        protocol::{Role, WebSocketConfig},
    },
};

/// The read buffer of the library, in bytes. It is allocated for each socket for as long as it is
/// open.
const READ_BUFFER: usize = 512;

/// A socket that speaks the protocol (RFC 6455, 5), without limits of time.
pub(crate) struct Socket {
    stream: WebSocketStream<Connection>,
    /// There was nothing to read the last time.
    is_dry: bool,
    /// The library has queued a control frame.
    is_control_due: bool,
}

impl Socket {
    /// Waits for the connection. A message of more than `largest` bytes is an error.
    pub(crate) async fn open(
        connection: impl Future<Output = hyper::Result<Upgraded>>,
        largest: usize,
    ) -> hyper::Result<Self> {
        let connection = Connection::new(connection.await?);
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .max_message_size(Some(largest))
            .max_frame_size(Some(largest));
        let stream = WebSocketStream::from_raw_socket(connection, Role::Server, Some(config));
        Ok(Self {
            stream: stream.await,
            is_dry: false,
            is_control_due: false,
        })
    }

    /// Reads the next message. `None`: the end. Nothing comes after the end, or after an error.
    pub(super) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<tungstenite::Result<Message>>> {
        if self.is_dry {
            ready!(self.stream.get_ref().poll_readable(cx));
        }
        let read = Pin::new(&mut self.stream).poll_next(cx);
        self.is_dry = read.is_pending();
        let read = ready!(read).map(|read| read.and_then(incoming));
        if let Some(Ok(Message::Ping(_) | Message::Close(_))) = read {
            self.is_control_due = true;
        }
        Poll::Ready(read)
    }

    /// Whether a message may be queued before something has left.
    pub(super) fn has_room(&mut self) -> bool {
        self.connection().output().has_room()
    }

    /// Whether everything has left.
    pub(super) fn is_flushed(&self) -> bool {
        !self.is_control_due && self.stream.get_ref().is_flushed()
    }

    /// Queues a message.
    pub(super) fn queue(&mut self, message: Message) {
        let message = match message {
            Message::Text(_) | Message::Binary(_) => {
                self.connection().output().push(message);
                return;
            }
            Message::Ping(content) => tungstenite::Message::Ping(content),
            Message::Pong(content) => tungstenite::Message::Pong(content),
            Message::Close(frame) => tungstenite::Message::Close(frame.as_ref().map(outgoing)),
        };
        // It fails when the connection has ended, which is noticed elsewhere.
        let _ = Pin::new(&mut self.stream).start_send(message);
        self.is_control_due = true;
    }

    /// Waits until what is queued has left.
    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_control_due {
            // It only queues its frames on the connection, so it never waits.
            let _ = Pin::new(&mut self.stream).poll_flush(cx);
            self.is_control_due = false;
        }
        self.connection().poll_send(cx)
    }

    /// How many bytes have left so far.
    pub(super) fn written(&self) -> u64 {
        self.stream.get_ref().written()
    }

    /// Shuts down the sending side, and waits until the client has done the same.
    pub(super) async fn linger(&mut self) {
        self.connection().linger().await;
    }

    fn connection(&mut self) -> &mut Connection {
        self.stream.get_mut()
    }
}

/// Converts a message of the library into axum's.
fn incoming(message: tungstenite::Message) -> tungstenite::Result<Message> {
    Ok(match message {
        tungstenite::Message::Text(text) => Message::Text(utf8(Bytes::from(text))?),
        tungstenite::Message::Binary(bytes) => Message::Binary(bytes),
        tungstenite::Message::Ping(content) => Message::Ping(content),
        tungstenite::Message::Close(frame) => Message::Close(frame.map(|frame| CloseFrame {
            code: frame.code.into(),
            reason: frame.reason.as_str().into(),
        })),
        // Single frames are never read.
        tungstenite::Message::Pong(_) | tungstenite::Message::Frame(_) => {
            Message::Pong(Bytes::new())
        }
    })
}

/// axum's text, which can only be made by validating it again.
fn utf8(bytes: Bytes) -> tungstenite::Result<Utf8Bytes> {
    Utf8Bytes::try_from(bytes).map_err(|error| tungstenite::Error::Utf8(error.to_string()))
}

fn outgoing(frame: &CloseFrame) -> tungstenite::protocol::CloseFrame {
    tungstenite::protocol::CloseFrame {
        code: frame.code.into(),
        reason: frame.reason.as_str().into(),
    }
}
