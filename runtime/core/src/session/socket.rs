//! The messages under a session.
//!
//! Axum's own socket would do, but for three things. After an error of the client's it can neither
//! be read nor half-closed, so the client's kernel meets a reset, and may throw away the close
//! frame that says what was wrong. It does not tell whether a client takes bytes slowly or not at
//! all. And what it keeps for a socket, and does for a message, is a multiple of this.
//!
//! What a client sends is read by the library that axum's socket stands on, which also answers
//! pings and close frames. What it is sent, bar those, is written here: a header before a payload.

use super::connection::Connection;
use crate::{Bytes, CloseFrame, Message, Utf8Bytes};
use futures_util::{Sink, Stream};
use hyper::upgrade::OnUpgrade;
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

/// How much the protocol's library is given at once to read, in bytes. It allocates that much for
/// each socket, for as long as it is open.
const READ_BUFFER: usize = 512;

/// A socket that speaks the protocol (RFC 6455, 5) and nothing more.
pub(crate) struct Socket {
    stream: WebSocketStream<Connection>,
    /// There was nothing to read the last time.
    is_dry: bool,
    /// The library has to write something.
    is_control_due: bool,
}

impl Socket {
    /// Waits for the connection. Messages of more than so many bytes are an error.
    pub(crate) async fn open(connection: OnUpgrade, largest: usize) -> hyper::Result<Self> {
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

    /// Reads the next message. `None` is the end, after which, as after an error, nothing comes.
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
        // It fails where the connection has ended, which is noticed elsewhere.
        let _ = Pin::new(&mut self.stream).start_send(message);
        self.is_control_due = true;
    }

    /// Waits until what is queued has left.
    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_control_due {
            // It only notes its frames on the connection, so it never has to wait.
            let _ = Pin::new(&mut self.stream).poll_flush(cx);
            self.is_control_due = false;
        }
        self.connection().poll_send(cx)
    }

    /// How many bytes have left so far.
    pub(super) fn written(&self) -> u64 {
        self.stream.get_ref().written()
    }

    /// Says that nothing more will be sent, and waits until the client has said the same.
    pub(super) async fn linger(&mut self) {
        self.connection().linger().await;
    }

    fn connection(&mut self) -> &mut Connection {
        self.stream.get_mut()
    }
}

/// A message as axum has it.
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

/// Axum's text, which can only be made by looking at it again.
fn utf8(bytes: Bytes) -> tungstenite::Result<Utf8Bytes> {
    Utf8Bytes::try_from(bytes).map_err(|error| tungstenite::Error::Utf8(error.to_string()))
}

fn outgoing(frame: &CloseFrame) -> tungstenite::protocol::CloseFrame {
    tungstenite::protocol::CloseFrame {
        code: frame.code.into(),
        reason: frame.reason.as_str().into(),
    }
}
