//! RFC 6455, case by case: the bytes sent, the frames received, and how the connection ends.
//!
//! The cases follow those of the Autobahn test suite and have its numbers. The suite is run by hand
//! (`tests/faults/autobahn`), these cases in every test run.

mod close;
mod control;
mod framing;
mod large;
mod refused;
mod utf8;

use std::slice;

use futures_util::StreamExt;
use futures_util::stream;
use tokio::task::yield_now;

use crate::support::Server;
use test_kit::{CLOSE, End, Frame, Heard, Socket};

/// One client, from its first byte to the end of its connection.
struct Case {
    name: String,
    path: &'static str,
    /// What is sent. Each piece is a write of its own.
    pieces: Vec<Vec<u8>>,
    /// What is received, up to the closing handshake.
    heard: Vec<Frame>,
    end: Ending,
}

/// Who closes, and how.
enum Ending {
    /// The client closes in the end, and the server answers.
    Well,
    /// The client's close frame is part of what is sent; this is the answer.
    Answered(Frame),
    /// The server closes with this code, and the client answers.
    Fails(u16),
    /// The same, but the client has already closed, if wrongly.
    FailsLast(u16),
}

impl Case {
    /// The frames are echoed as these.
    fn echoes(name: impl Into<String>, sent: &[Frame], heard: &[Frame]) -> Self {
        Self {
            name: name.into(),
            path: "/echo",
            pieces: sent.iter().map(Frame::masked).collect(),
            heard: heard.to_vec(),
            end: Ending::Well,
        }
    }

    /// The frame is echoed as it is.
    fn comes_back(name: impl Into<String>, frame: &Frame) -> Self {
        Self::echoes(name, slice::from_ref(frame), slice::from_ref(frame))
    }

    /// The close frame is echoed.
    fn closes_alike(name: impl Into<String>, frame: &Frame) -> Self {
        Self::closes(name, slice::from_ref(frame), frame.clone())
    }

    /// The frames break the protocol, or are too large.
    fn fails(name: impl Into<String>, sent: &[Frame], code: u16) -> Self {
        let has_closed = sent.last().is_some_and(|last| last.opcode() == CLOSE);
        Self {
            end: if has_closed {
                Ending::FailsLast(code)
            } else {
                Ending::Fails(code)
            },
            ..Self::echoes(name, sent, &[])
        }
    }

    /// The frames, whose last is a close frame, are answered with a close frame.
    fn closes(name: impl Into<String>, sent: &[Frame], answer: Frame) -> Self {
        Self {
            end: Ending::Answered(answer),
            ..Self::echoes(name, sent, &[])
        }
    }

    /// After these were received.
    fn after(self, heard: &[Frame]) -> Self {
        let heard = heard.to_vec();
        Self { heard, ..self }
    }

    /// At a different endpoint.
    fn at(self, path: &'static str) -> Self {
        Self { path, ..self }
    }

    /// The same bytes in pieces of this size, regardless of frames.
    fn chopped(self, size: usize) -> Self {
        let bytes = self.pieces.concat();
        Self {
            name: format!("{}, in chops of {size}", self.name),
            pieces: bytes.chunks(size).map(<[u8]>::to_vec).collect(),
            ..self
        }
    }

    /// The same bytes at once.
    fn at_once(self) -> Self {
        Self {
            name: format!("{}, at once", self.name),
            pieces: vec![self.pieces.concat()],
            ..self
        }
    }

    async fn run(self, server: &Server) -> Result<(), String> {
        let mut socket = server.open(self.path).await;
        for piece in &self.pieces {
            socket.write(piece).await;
            yield_now().await;
        }
        let told = |what: String| format!("{}: {what}", self.name);
        for expected in &self.heard {
            expect(&mut socket, expected).await.map_err(told)?;
        }
        self.end.comes(&mut socket).await.map_err(told)
    }
}

impl Ending {
    /// The closing handshake in the order of the RFC, then the end of the connection by the server,
    /// not a reset.
    async fn comes(&self, socket: &mut Socket) -> Result<(), String> {
        match self {
            Self::Well => {
                socket.send(Frame::close(1000, "")).await;
                expect(socket, &Frame::close(1000, "")).await?;
            }
            Self::Answered(answer) => expect(socket, answer).await?,
            Self::Fails(code) => {
                expect_close(socket, *code).await?;
                socket.send(Frame::close(*code, "")).await;
            }
            Self::FailsLast(code) => expect_close(socket, *code).await?,
        }
        match socket.hear().await {
            Heard::End(End::Fin) => Ok(()),
            other => Err(format!("{other:?} is not the end")),
        }
    }
}

async fn expect(socket: &mut Socket, expected: &Frame) -> Result<(), String> {
    match socket.hear().await {
        Heard::Frame(frame) if frame == *expected => Ok(()),
        other => Err(format!("{other:?} is not {expected:?}")),
    }
}

async fn expect_close(socket: &mut Socket, code: u16) -> Result<(), String> {
    match socket.hear().await {
        Heard::Frame(frame) if frame.payload.starts_with(&code.to_be_bytes()) => Ok(()),
        other => Err(format!("{other:?} is not the close frame of {code}")),
    }
}

/// Runs the cases, some at a time, and reports all that fail.
async fn run(cases: impl IntoIterator<Item = Case>) {
    const AT_ONCE: usize = 16;
    let server = Server::start().await;
    let results = stream::iter(cases).map(|case| case.run(&server));
    let results: Vec<_> = results.buffer_unordered(AT_ONCE).collect().await;
    assert!(!results.is_empty());
    let failures: Vec<_> = results.into_iter().filter_map(Result::err).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
