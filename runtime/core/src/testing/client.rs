//! The client's end of a session.

use super::wait::expect;
use crate::{Bytes, CloseCode, Closed, Message, Payload, Utf8Bytes, close, close_code};
use axum::http::{HeaderMap, header};
use futures_util::{SinkExt, StreamExt};
use std::fmt;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{self, protocol::frame},
};

/// A client with an open socket. Made by [`TestServer::connect`](super::TestServer::connect).
///
/// It answers the server's pings while it waits for something.
pub struct TestClient {
    socket: WebSocketStream<TcpStream>,
    subprotocol: Option<String>,
    closed: Option<Closed>,
}

impl TestClient {
    pub(super) fn new(socket: WebSocketStream<TcpStream>, headers: &HeaderMap) -> Self {
        let subprotocol = headers.get(header::SEC_WEBSOCKET_PROTOCOL);
        Self {
            socket,
            subprotocol: subprotocol.map(|name| String::from_utf8_lossy(name.as_bytes()).into()),
            closed: None,
        }
    }

    /// The subprotocol that the server chose.
    #[must_use]
    pub fn subprotocol(&self) -> Option<&str> {
        self.subprotocol.as_deref()
    }

    /// Sends a message.
    ///
    /// # Panics
    ///
    /// Panics when the connection is lost, or takes no data for five seconds.
    pub async fn send(&mut self, payload: impl Into<Payload>) {
        let message = into_tungstenite(payload.into().into_message());
        let sent = expect("the server to take a message", self.socket.send(message)).await;
        sent.expect("a message is sent");
    }

    /// Waits for the next message, text or binary.
    ///
    /// # Panics
    ///
    /// Panics when none comes in five seconds, or the session ends.
    pub async fn recv(&mut self) -> Message {
        match expect("a message", self.next()).await {
            Ok(message) => message,
            Err(closed) => panic!("expected a message, but the session was {closed}"),
        }
    }

    /// Waits for the next message, which is text.
    ///
    /// # Panics
    ///
    /// Panics when it is not, when none comes in five seconds, or the session ends.
    pub async fn text(&mut self) -> String {
        match self.recv().await {
            Message::Text(text) => text.as_str().to_owned(),
            other => panic!("expected a text message, but got {other:?}"),
        }
    }

    /// Waits for the next message, which is binary.
    ///
    /// # Panics
    ///
    /// Panics when it is not, when none comes in five seconds, or the session ends.
    pub async fn binary(&mut self) -> Bytes {
        match self.recv().await {
            Message::Binary(bytes) => bytes,
            other => panic!("expected a binary message, but got {other:?}"),
        }
    }

    /// Closes the session and waits until the server has closed it, too. Messages that come in the
    /// meantime are dropped.
    ///
    /// # Panics
    ///
    /// Panics when the server does not close in five seconds.
    pub async fn close(&mut self, code: CloseCode, reason: impl Into<Utf8Bytes>) {
        let frame = close::client_frame(code, reason.into());
        self.send(Message::Close(Some(frame))).await;
        self.closed().await;
    }

    /// Waits until the server ends the session, and returns how. Messages that come before are
    /// dropped.
    ///
    /// # Panics
    ///
    /// Panics when it does not in five seconds.
    pub async fn closed(&mut self) -> Closed {
        let end = async {
            loop {
                if let Err(closed) = self.next().await {
                    return closed;
                }
            }
        };
        expect("the session to end", end).await
    }

    async fn next(&mut self) -> Result<Message, Closed> {
        loop {
            if let Some(closed) = &self.closed {
                return Err(closed.clone());
            }
            match self.socket.next().await {
                Some(Ok(tungstenite::Message::Text(text))) => {
                    return Ok(Message::text(text.as_str()));
                }
                Some(Ok(tungstenite::Message::Binary(bytes))) => return Ok(Message::Binary(bytes)),
                Some(Ok(tungstenite::Message::Close(frame))) => {
                    self.closed = Some(closed_by_server(frame));
                    // Answers, and waits until the server has closed the connection.
                    while let Some(Ok(_)) = self.socket.next().await {}
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => self.closed = Some(Closed::lost()),
            }
        }
    }
}

impl fmt::Debug for TestClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestClient")
            .field("subprotocol", &self.subprotocol)
            .field("closed", &self.closed)
            .finish_non_exhaustive()
    }
}

fn closed_by_server(frame: Option<frame::CloseFrame>) -> Closed {
    match frame {
        Some(frame) => Closed::by_server(frame.code.into(), frame.reason.as_str().into()),
        None => Closed::by_server(close_code::STATUS, Utf8Bytes::default()),
    }
}

fn into_tungstenite(message: Message) -> tungstenite::Message {
    match message {
        Message::Text(text) => tungstenite::Message::text(text.as_str()),
        Message::Binary(bytes) => tungstenite::Message::Binary(bytes),
        Message::Ping(bytes) => tungstenite::Message::Ping(bytes),
        Message::Pong(bytes) => tungstenite::Message::Pong(bytes),
        Message::Close(frame) => {
            tungstenite::Message::Close(frame.map(|frame| frame::CloseFrame {
                code: frame.code.into(),
                reason: frame.reason.as_str().into(),
            }))
        }
    }
}
