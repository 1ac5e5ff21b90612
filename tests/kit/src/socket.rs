//! A client that makes its frames by hand and can do anything with its connection.

use crate::{
    frame::{BINARY, CLOSE, Frame, PING, PONG, TEXT},
    handshake, read_head, soon,
};
use std::{io, net::SocketAddr};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

/// Buffers are small, so that a client that does not read is soon noticed.
const RECEIVE_BUFFER: usize = 16 * 1024;

/// An open socket.
pub struct Socket<S = TcpStream> {
    /// The connection.
    pub stream: S,
    /// What was received, and how much of it was consumed.
    received: Vec<u8>,
    heard: usize,
}

/// What a client reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A frame.
    Frame(Frame),
    /// The end of the connection.
    End(End),
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The server closed its direction (FIN).
    Fin,
    /// The server dropped what was in flight (RST).
    Reset,
}

impl Socket {
    /// Opens a socket.
    pub async fn open(addr: SocketAddr, path: &str) -> Self {
        match Self::ask(addr, path).await {
            Ok(socket) => socket,
            Err(answer) => panic!("it did not open: {answer}"),
        }
    }

    /// Requests a socket.
    ///
    /// # Errors
    ///
    /// The head of another response, as far as it arrived.
    pub async fn ask(addr: SocketAddr, path: &str) -> Result<Self, String> {
        Self::over(connect(addr).await, &handshake(addr, path, "")).await
    }

    /// The client's address, by which the server's log identifies it.
    pub fn name(&self) -> SocketAddr {
        self.stream.local_addr().unwrap()
    }

    /// Leaves without a close frame: the connection is reset.
    pub fn reset(self) {
        self.stream.set_zero_linger().unwrap();
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    /// Requests a socket over a connection.
    ///
    /// # Errors
    ///
    /// The head of another response, as far as it arrived.
    pub async fn over(mut stream: S, request: &str) -> Result<Self, String> {
        let written = stream.write_all(request.as_bytes());
        soon("the server to take a request", written).await.unwrap();
        let head = soon("an answer", read_head(&mut stream)).await;
        if !head.starts_with("HTTP/1.1 101 ") {
            return Err(head);
        }
        Ok(Self {
            stream,
            received: Vec::new(),
            heard: 0,
        })
    }

    /// Writes raw bytes.
    pub async fn write(&mut self, bytes: &[u8]) {
        let written = self.stream.write_all(bytes);
        soon("the server to take bytes", written).await.unwrap();
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: Frame) {
        self.write(&frame.masked()).await;
    }

    /// Sends a message.
    pub async fn say(&mut self, text: &str) {
        self.send(Frame::text(text)).await;
    }

    /// The next frame, or the end.
    pub async fn hear(&mut self) -> Heard {
        let heard = async {
            loop {
                if let Some((frame, length)) = Frame::parse(&self.received[self.heard..]) {
                    self.heard += length;
                    return Heard::Frame(frame);
                }
                match self.receive().await {
                    Ok(0) => return Heard::End(End::Fin),
                    Ok(_) => {}
                    Err(_) => return Heard::End(End::Reset),
                }
            }
        };
        soon("a frame, or the end", heard).await
    }

    /// Receives some bytes without consuming them.
    pub async fn sip(&mut self) {
        let received = soon("some bytes", self.receive()).await;
        assert!(received.unwrap() > 0);
    }

    async fn receive(&mut self) -> io::Result<usize> {
        self.received.drain(..self.heard);
        self.heard = 0;
        self.received.reserve(RECEIVE_BUFFER);
        self.stream.read_buf(&mut self.received).await
    }

    /// The next frame, or the end. Pings are answered, pongs ignored.
    pub async fn listen(&mut self) -> Heard {
        let other = async {
            loop {
                match self.hear().await {
                    Heard::Frame(frame) if frame.opcode() == PING => {
                        let pong = Frame::new(PONG, frame.payload);
                        // If it fails, reading shows how the connection ended.
                        let _ = self.stream.write_all(&pong.masked()).await;
                    }
                    Heard::Frame(frame) if frame.opcode() == PONG => {}
                    other => return other,
                }
            }
        };
        soon("more than pings", other).await
    }

    /// The next frame that is not a ping or a pong.
    pub async fn frame(&mut self) -> Frame {
        match self.listen().await {
            Heard::Frame(frame) => frame,
            Heard::End(end) => panic!("expected a frame, and the connection ended: {end:?}"),
        }
    }

    /// The next message, which is text.
    pub async fn text(&mut self) -> String {
        let frame = self.frame().await;
        assert_eq!(frame.opcode(), TEXT, "{frame:?}");
        String::from_utf8(frame.payload).unwrap()
    }

    /// Sends a message, and waits for the next one.
    pub async fn ask_for(&mut self, text: &str) -> String {
        self.say(text).await;
        self.text().await
    }

    /// The next frame is the server's close frame: its code and reason.
    pub async fn closed(&mut self) -> (u16, String) {
        close_of(&self.frame().await)
    }

    /// The server's close frame, after any messages.
    pub async fn closed_at_last(&mut self) -> (u16, String) {
        loop {
            let frame = self.frame().await;
            if !matches!(frame.opcode(), TEXT | BINARY) {
                return close_of(&frame);
            }
        }
    }

    /// How the connection ends, after any frames.
    pub async fn end(&mut self) -> End {
        loop {
            if let Heard::End(end) = self.listen().await {
                return end;
            }
        }
    }

    /// The server closes with this after any messages, and the connection ends properly.
    pub async fn is_left(&mut self, (code, reason): (u16, &str)) {
        assert_eq!(self.closed_at_last().await, (code, reason.to_owned()));
        self.leave(code).await;
    }

    /// Answers the server's close, and the connection ends properly.
    pub async fn leave(&mut self, code: u16) {
        self.send(Frame::close(code, "")).await;
        assert_eq!(self.end().await, End::Fin);
    }

    /// Closes properly, and so does the server.
    pub async fn close(mut self) {
        self.send(Frame::close(1000, "")).await;
        assert_eq!(self.closed_at_last().await, (1000, String::new()));
        assert_eq!(self.end().await, End::Fin);
    }
}

fn close_of(frame: &Frame) -> (u16, String) {
    assert_eq!(frame.opcode(), CLOSE, "{frame:?}");
    let (code, reason) = frame.payload.split_at(2);
    let code = u16::from_be_bytes(code.try_into().unwrap());
    (code, String::from_utf8(reason.to_vec()).unwrap())
}

/// A connection that takes little in advance, so that a client that does not read is soon noticed.
pub async fn connect(addr: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    let size = RECEIVE_BUFFER.try_into().unwrap();
    socket.set_recv_buffer_size(size).unwrap();
    let stream = soon("a connection", socket.connect(addr)).await.unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}
