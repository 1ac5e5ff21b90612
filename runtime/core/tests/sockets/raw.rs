//! A client that can misbehave: it makes its frames by hand.

use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

pub const TEXT: u8 = 0x81;
pub const BINARY: u8 = 0x82;
pub const CLOSE: u8 = 0x88;
pub const PING: u8 = 0x89;
pub const PONG: u8 = 0x8a;

/// A masked frame (RFC 6455, 5.2). `first` is the final bit, reserved bits and opcode.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [1, 2, 3, 4];
    let mut frame = vec![first];
    match payload.len() {
        length @ 0..126 => frame.push(0x80 | u8::try_from(length).unwrap()),
        length @ 126..65_536 => {
            frame.push(0x80 | 0x7e);
            frame.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            frame.push(0x80 | 0x7f);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    frame.extend(mask);
    frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(a, b)| a ^ b));
    frame
}

/// Takes a complete unmasked frame off the front.
pub fn take_frame(bytes: &mut Vec<u8>) -> Option<(u8, Vec<u8>)> {
    let (header, length) = match (*bytes.get(1)?, bytes.get(2..4), bytes.get(2..10)) {
        (short @ 0..126, ..) => (2, usize::from(short)),
        (126, Some(length), _) => (4, usize::from(u16::from_be_bytes(length.try_into().ok()?))),
        (127, _, Some(length)) => {
            let length = u64::from_be_bytes(length.try_into().ok()?);
            (10, usize::try_from(length).ok()?)
        }
        _ => return None,
    };
    let payload = bytes.get(header..header + length)?.to_vec();
    let first = bytes[0];
    bytes.drain(..header + length);
    Some((first, payload))
}

pub struct RawClient<S = TcpStream> {
    pub stream: S,
    read: Vec<u8>,
    /// How long it waits for a frame.
    patience: Duration,
}

impl RawClient {
    /// Opens a socket at `/`.
    pub async fn open(addr: SocketAddr) -> Self {
        Self::over(TcpStream::connect(addr).await.unwrap()).await
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> RawClient<S> {
    /// Opens a socket at `/` over a connection.
    pub async fn over(stream: S) -> Self {
        Self::over_at(stream, "/").await
    }

    /// Opens a socket at a path.
    pub async fn over_at(stream: S, path: &str) -> Self {
        let mut client = Self {
            stream,
            read: Vec::new(),
            patience: Duration::from_secs(5),
        };
        let request = HANDSHAKE.replace("GET / ", &format!("GET {path} "));
        client.write(request.as_bytes()).await;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(client.stream.read_u8().await.unwrap());
        }
        assert!(head.starts_with(b"HTTP/1.1 101"));
        client
    }

    /// The same client, which waits for frames as long as a paused clock takes.
    pub fn patient(mut self) -> Self {
        self.patience = Duration::from_hours(24);
        self
    }

    pub async fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// Reads the next frame. `None` if the server has closed the connection.
    pub async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        loop {
            if let Some(frame) = take_frame(&mut self.read) {
                return Some(frame);
            }
            let read = self.stream.read_buf(&mut self.read);
            let read = timeout(self.patience, read).await;
            if read.expect("a frame in time").unwrap_or_default() == 0 {
                return None;
            }
        }
    }

    /// Reads the close frame, then the end of the connection.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            match self.frame().await.expect("a close frame") {
                (CLOSE, payload) => {
                    let (code, reason) = payload.split_at(2);
                    let code = u16::from_be_bytes(code.try_into().unwrap());
                    return (code, String::from_utf8(reason.to_vec()).unwrap());
                }
                (TEXT | BINARY | PING | PONG, _) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

pub const HANDSHAKE: &str = "GET / HTTP/1.1\r\n\
    Host: localhost\r\n\
    Connection: Upgrade\r\n\
    Upgrade: websocket\r\n\
    Sec-WebSocket-Version: 13\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
    \r\n";
