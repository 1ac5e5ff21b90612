//! RFC 6455, case by case: what is sent byte by byte, what is heard, and how it ends.
//!
//! The cases follow those of the Autobahn test suite, whose numbers they bear. It is run by hand
//! (see `tests/faults/autobahn`), these in every test run.

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

use crate::support::frame::CLOSE;
use crate::support::{End, Frame, Heard, Server, Socket};

/// One client, from its first byte to the end of its connection.
struct Case {
    name: String,
    path: &'static str,
    /// What is sent. Each piece leaves by itself.
    pieces: Vec<Vec<u8>>,
    /// What is heard, up to the closing handshake.
    heard: Vec<Frame>,
    end: Ending,
}

/// Who closes, and how.
enum Ending {
    /// All was well: the client says goodbye in the end.
    Well,
    /// What is sent has the client's close frame in it, and this answers it.
    Answered(Frame),
    /// The server closes with this code, and the client answers.
    Fails(u16),
    /// The same, and the client has said goodbye already, if not as it should.
    FailsLast(u16),
}

impl Case {
    /// The frames come back as these.
    fn echoes(name: impl Into<String>, sent: &[Frame], heard: &[Frame]) -> Self {
        Self {
            name: name.into(),
            path: "/echo",
            pieces: sent.iter().map(Frame::masked).collect(),
            heard: heard.to_vec(),
            end: Ending::Well,
        }
    }

    /// The frame comes back as it is.
    fn comes_back(name: impl Into<String>, frame: &Frame) -> Self {
        Self::echoes(name, slice::from_ref(frame), slice::from_ref(frame))
    }

    /// The close frame does.
    fn closes_alike(name: impl Into<String>, frame: &Frame) -> Self {
        Self::closes(name, slice::from_ref(frame), frame.clone())
    }

    /// The frames are taken for a breach of the protocol, or too much.
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

    /// After having heard these.
    fn after(self, heard: &[Frame]) -> Self {
        let heard = heard.to_vec();
        Self { heard, ..self }
    }

    /// At another endpoint.
    fn at(self, path: &'static str) -> Self {
        Self { path, ..self }
    }

    /// The same bytes in pieces of this size, whatever the frames.
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
    /// The closing handshake, in the order that the RFC wants, then the end of the connection: the
    /// server's, and not a reset.
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

/// Runs the cases, some at a time, and tells of all that fail.
async fn run(cases: impl IntoIterator<Item = Case>) {
    const AT_ONCE: usize = 16;
    let server = Server::start().await;
    let results = stream::iter(cases).map(|case| case.run(&server));
    let results: Vec<_> = results.buffer_unordered(AT_ONCE).collect().await;
    assert!(!results.is_empty());
    let failures: Vec<_> = results.into_iter().filter_map(Result::err).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
