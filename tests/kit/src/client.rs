//! The client's end of a session.

use crate::wait::{BRIEFLY, within};
use futures_util::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, join, sink, split};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        self, Bytes, Message,
        protocol::{CloseFrame, Role},
    },
};

/// A connection that carries frames.
pub trait Connection: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Connection for T {}

/// What a client reads.
pub type Received = Option<Result<Message, tungstenite::Error>>;

/// A tokio-tungstenite client with an open socket. It answers pings while a test waits for it.
pub struct Client {
    socket: WebSocketStream<Box<dyn Connection>>,
    /// How long it waits for one event.
    patience: Duration,
}

impl Client {
    pub(super) fn new(socket: WebSocketStream<Box<dyn Connection>>, patience: Duration) -> Self {
        Self { socket, patience }
    }

    /// A client over a connection that is already upgraded.
    pub async fn over(connection: impl Connection + 'static) -> Self {
        let connection: Box<dyn Connection> = Box::new(connection);
        let socket = WebSocketStream::from_raw_socket(connection, Role::Client, None).await;
        Self::new(socket, BRIEFLY)
    }

    /// The same client, which from now on sends nothing: no pong, no answer to a close.
    pub async fn muted(self) -> Self {
        let (heard, _) = split(self.socket.into_inner());
        Self::over(join(heard, sink())).await
    }

    /// Sends a message.
    pub async fn send(&mut self, message: impl Into<Message>) {
        let sent = self.socket.send(message.into());
        within(self.patience, "the server to take a message", sent)
            .await
            .unwrap();
    }

    /// The next frame, control frames included. `None` if the connection has ended.
    pub async fn frame(&mut self) -> Received {
        within(self.patience, "a frame", self.socket.next()).await
    }

    /// The next frame that is not a ping.
    async fn frame_after_pings(&mut self) -> Received {
        let other = async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Ping(_))) => {}
                    other => return other,
                }
            }
        };
        within(self.patience, "something else than pings", other).await
    }

    /// The next message. Pings may come before it, but not a close.
    pub async fn message(&mut self) -> Message {
        match self.frame_after_pings().await {
            Some(Ok(message @ (Message::Text(_) | Message::Binary(_)))) => message,
            other => panic!("expected a message, got {other:?}"),
        }
    }

    /// The next message, which is text.
    pub async fn text(&mut self) -> String {
        match self.message().await {
            Message::Text(text) => text.to_string(),
            other => panic!("expected text, got {other:?}"),
        }
    }

    /// The next message, which is binary.
    pub async fn binary(&mut self) -> Bytes {
        match self.message().await {
            Message::Binary(bytes) => bytes,
            other => panic!("expected bytes, got {other:?}"),
        }
    }

    /// Sends a message and waits for the next one.
    pub async fn ask(&mut self, text: &str) -> String {
        self.send(text).await;
        self.text().await
    }

    /// The next frame is a ping.
    pub async fn pinged(&mut self) {
        match self.frame().await {
            Some(Ok(Message::Ping(_))) => {}
            other => panic!("expected a ping, got {other:?}"),
        }
    }

    /// The next frame is the server's close frame.
    pub async fn closed(&mut self) -> (u16, String) {
        close_frame(self.frame().await)
    }

    /// The next frame, but for pings, is the server's close frame.
    pub async fn closed_after_pings(&mut self) -> (u16, String) {
        close_frame(self.frame_after_pings().await)
    }

    /// Closes, and waits until the server has ended the connection.
    pub async fn close(mut self, code: u16, reason: &str) {
        let frame = CloseFrame {
            code: code.into(),
            reason: reason.into(),
        };
        self.send(Message::Close(Some(frame))).await;
        self.gone().await;
    }

    /// Waits until the server has ended the connection.
    pub async fn gone(mut self) {
        while let Some(Ok(_)) = self.frame().await {}
    }
}

fn close_frame(frame: Received) -> (u16, String) {
    match frame {
        Some(Ok(Message::Close(Some(CloseFrame { code, reason })))) => {
            (code.into(), reason.to_string())
        }
        other => panic!("expected a close frame with a code, got {other:?}"),
    }
}
