//! What all kinds of clients share.

use std::net::{Ipv4Addr, SocketAddr};

use futures_util::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::Outcome;

pub type Socket = WebSocketStream<TcpStream>;

/// A client that has yet to connect.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    pub addr: SocketAddr,
}

impl Client {
    /// Connects, from many addresses, because one has too few ports for all connections.
    pub async fn connect(self) -> Outcome<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        let from = Ipv4Addr::new(127, 0, 0, fastrand::u8(1..=32));
        socket.bind((from, 0).into())?;
        let stream = socket.connect(self.addr).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// Opens a socket.
    pub async fn open(self, path: &str) -> Outcome<Socket> {
        let stream = self.connect().await?;
        let uri = format!("ws://{}{path}", self.addr);
        let (socket, _) = client_async(uri, stream).await?;
        Ok(socket)
    }

    /// Opens a socket whose frames are made by hand.
    pub async fn open_raw(self, path: &str) -> Outcome<TcpStream> {
        let mut stream = self.connect().await?;
        stream
            .write_all(self.handshake(path, "").as_bytes())
            .await?;
        let head = read_head(&mut stream).await?;
        if !head.starts_with("HTTP/1.1 101 ") {
            return Err(format!("{path} is answered with {head}").into());
        }
        Ok(stream)
    }

    /// A handshake with additional headers, each with its line end.
    pub fn handshake(self, path: &str, headers: &str) -> String {
        let addr = self.addr;
        format!(
            "GET {path} HTTP/1.1\r\nHost: {addr}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
        )
    }
}

/// Reads byte by byte: what follows belongs to the socket.
pub async fn read_head(stream: &mut TcpStream) -> Outcome<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(error) => {
                return Err(format!("{error} after {:?}", String::from_utf8_lossy(&head)).into());
            }
        }
    }
    Ok(String::from_utf8(head)?)
}

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    Closed(u16),
    /// Without a close frame.
    Lost,
}

/// The next message that is not a ping or a pong, or the end.
pub async fn hear(socket: &mut Socket) -> Result<Message, End> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Close(frame))) => {
                // Answers the server's close frame.
                while let Some(Ok(_)) = socket.next().await {}
                return Err(End::Closed(frame.map_or(1005, |frame| frame.code.into())));
            }
            Some(Ok(message @ (Message::Text(_) | Message::Binary(_)))) => return Ok(message),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return Err(End::Lost),
        }
    }
}

/// Reads until the end.
pub async fn hear_end(socket: &mut Socket) -> End {
    loop {
        if let Err(end) = hear(socket).await {
            return end;
        }
    }
}

/// Closes, and waits for the answer.
pub async fn close(mut socket: Socket, code: u16) -> Outcome {
    let frame = CloseFrame {
        code: code.into(),
        reason: Utf8Bytes::default(),
    };
    match socket.close(Some(frame)).await {
        // The server may have closed first.
        Ok(()) | Err(Error::ConnectionClosed | Error::Protocol(_) | Error::Io(_)) => {}
        Err(error) => return Err(error.into()),
    }
    while let Some(Ok(_)) = socket.next().await {}
    Ok(())
}

/// The head of a client's small frame, with a mask of zeros.
pub fn head(first: u8, length: u8) -> [u8; 6] {
    [first, 0x80 | length, 0, 0, 0, 0]
}

/// An error, unless this is the expected end.
pub fn expect(end: &End, expected: &End) -> Outcome {
    if end == expected {
        return Ok(());
    }
    Err(format!("{end:?} instead of {expected:?}").into())
}
