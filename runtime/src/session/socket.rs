//! The bytes under a session, as messages.
//!
//! Axum's own socket would do, but for the end: after an error of the client's it can neither be
//! read nor half-closed, so the client's kernel meets a reset, and may throw away the close frame
//! that says what was wrong. It also does not tell whether a client takes bytes slowly or not at
//! all.

use crate::{Bytes, CloseFrame, Message, Utf8Bytes};
use futures_util::{Sink, Stream};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use std::{
    future::{Future, poll_fn},
    io,
    mem::MaybeUninit,
    pin::{Pin, pin},
    task::{Context, Poll, ready},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf},
    task::coop::unconstrained,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        self,
        protocol::{
            Role, WebSocketConfig,
            frame::{
                Frame,
                coding::{Data, OpCode},
            },
        },
    },
};

/// How much the protocol's library is given at once to read, in bytes. It allocates that much for
/// each socket, for as long as it is open.
const READ_BUFFER: usize = 512;

/// How much is read from the connection at once, in bytes.
const READ: usize = 16 * 1024;

/// What is queued leaves when it is flushed, or when it is more than this many bytes.
const WRITE_BUFFER: usize = 16 * 1024;

/// A socket that speaks the protocol (RFC 6455, 5) and nothing more.
pub(crate) struct Socket {
    stream: WebSocketStream<Connection<TokioIo<Upgraded>>>,
}

impl Socket {
    /// Waits for the connection. Messages of more than so many bytes are an error.
    pub(crate) async fn open(connection: OnUpgrade, largest: usize) -> hyper::Result<Self> {
        let connection = Connection::new(TokioIo::new(connection.await?));
        // Small buffers, because most connections are idle. The write buffer needs no limit: the
        // session queues nothing more once the connection takes no more bytes.
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(WRITE_BUFFER)
            .max_message_size(Some(largest))
            .max_frame_size(Some(largest));
        let stream = WebSocketStream::from_raw_socket(connection, Role::Server, Some(config)).await;
        Ok(Self { stream })
    }

    /// Reads the next message. `None` is the end, after which, as after an error, nothing comes.
    pub(super) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<tungstenite::Result<Message>>> {
        loop {
            match ready!(Pin::new(&mut self.stream).poll_next(cx)) {
                Some(Ok(read)) => {
                    if let Some(message) = incoming(read).transpose() {
                        return Poll::Ready(Some(message));
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }

    /// Waits until a message may be queued.
    pub(super) fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<tungstenite::Result<()>> {
        insist(|cx| Pin::new(&mut self.stream).poll_ready(cx), cx)
    }

    /// Queues a message.
    pub(super) fn queue(&mut self, message: Message) -> tungstenite::Result<()> {
        Pin::new(&mut self.stream).start_send(outgoing(message))
    }

    /// Waits until what is queued has left.
    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<tungstenite::Result<()>> {
        insist(|cx| Pin::new(&mut self.stream).poll_flush(cx), cx)
    }

    /// How many bytes have left so far.
    pub(super) fn written(&self) -> u64 {
        self.stream.get_ref().written
    }

    /// Says that nothing more will be sent, and waits until the client has said the same.
    ///
    /// What it still sends is thrown away. To close at once instead would make the operating
    /// system answer it with a reset.
    pub(super) async fn linger(&mut self) {
        let connection = self.stream.get_mut();
        let mut ignored = [0; READ_BUFFER];
        if connection.shutdown().await.is_ok() {
            while matches!(connection.read(&mut ignored).await, Ok(1..)) {}
        }
    }
}

/// Tries to write even where reading has used up what tokio grants a task in one turn. Otherwise a
/// client that sends much would seem to be one that takes nothing.
fn insist<T>(write: impl FnMut(&mut Context<'_>) -> Poll<T>, cx: &mut Context<'_>) -> Poll<T> {
    pin!(unconstrained(poll_fn(write))).poll(cx)
}

/// A message as axum has it. `None`: it is not for the session.
fn incoming(message: tungstenite::Message) -> tungstenite::Result<Option<Message>> {
    Ok(Some(match message {
        tungstenite::Message::Text(text) => Message::Text(utf8(Bytes::from(text))?),
        tungstenite::Message::Binary(bytes) => Message::Binary(bytes),
        tungstenite::Message::Ping(content) => Message::Ping(content),
        tungstenite::Message::Pong(content) => Message::Pong(content),
        tungstenite::Message::Close(frame) => Message::Close(frame.map(|frame| CloseFrame {
            code: frame.code.into(),
            reason: frame.reason.as_str().into(),
        })),
        // Never read.
        tungstenite::Message::Frame(_) => return Ok(None),
    }))
}

/// Axum's text, which can only be made by looking at it again.
fn utf8(bytes: Bytes) -> tungstenite::Result<Utf8Bytes> {
    Utf8Bytes::try_from(bytes).map_err(|error| tungstenite::Error::Utf8(error.to_string()))
}

fn outgoing(message: Message) -> tungstenite::Message {
    let data = |bytes, kind| {
        let frame = Frame::message(bytes, OpCode::Data(kind), true);
        tungstenite::Message::Frame(frame)
    };
    match message {
        // As a frame, since text would have to be looked at again.
        Message::Text(text) => data(Bytes::from(text), Data::Text),
        Message::Binary(bytes) => data(bytes, Data::Binary),
        Message::Ping(content) => tungstenite::Message::Ping(content),
        Message::Pong(content) => tungstenite::Message::Pong(content),
        Message::Close(frame) => {
            tungstenite::Message::Close(frame.map(|frame| tungstenite::protocol::CloseFrame {
                code: frame.code.into(),
                reason: frame.reason.as_str().into(),
            }))
        }
    }
}

/// A connection that reads much at once, although its reader has room for little, and counts what
/// is written.
struct Connection<T> {
    io: T,
    /// What was read and did not fit. Most of the time there is nothing, and that needs no room.
    rest: Bytes,
    written: u64,
}

impl<T> Connection<T> {
    const fn new(io: T) -> Self {
        Self {
            io,
            rest: Bytes::new(),
            written: 0,
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Connection<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.rest.is_empty() {
            let mut room = [MaybeUninit::uninit(); READ];
            let mut read = ReadBuf::uninit(&mut room);
            ready!(Pin::new(&mut self.io).poll_read(cx, &mut read))?;
            let (fits, rest) = split(read.filled(), buf.remaining());
            buf.put_slice(fits);
            self.rest = Bytes::copy_from_slice(rest);
        } else {
            let fits = self.rest.len().min(buf.remaining());
            buf.put_slice(&self.rest.split_to(fits));
            if self.rest.is_empty() {
                self.rest = Bytes::new();
            }
        }
        Poll::Ready(Ok(()))
    }
}

fn split(read: &[u8], room: usize) -> (&[u8], &[u8]) {
    read.split_at_checked(room).unwrap_or((read, &[]))
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Connection<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.io).poll_write(cx, buf))?;
        self.written += written as u64;
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::{Connection, READ};
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test]
    async fn what_does_not_fit_is_read_later() {
        let (mut client, server) = duplex(3 * READ);
        let mut connection = Connection::new(server);
        let sent: Vec<u8> = (0..=250).cycle().take(2 * READ + 100).collect();
        client.write_all(&sent).await.unwrap();
        let mut read = vec![0; sent.len()];
        for part in read.chunks_mut(1000) {
            connection.read_exact(part).await.unwrap();
        }
        assert_eq!(read, sent);
        drop(client);
        assert_eq!(connection.read(&mut [0]).await.unwrap(), 0);
    }
}
