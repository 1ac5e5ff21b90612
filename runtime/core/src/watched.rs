//! What a connection waits for.

use std::{
    io::{self, IoSlice},
    mem,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What a connection waits for. Clones belong to the same connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress(Arc<AtomicU8>);

/// The whole of its first request's head.
const FIRST: u8 = 0;
/// Its client does not have to send anything.
const BUSY: u8 = 1;
/// Another request, of which nothing has arrived.
const IDLE: u8 = 2;
/// The whole of a request's head, of which a part has arrived.
const HEAD: u8 = 3;

impl Progress {
    /// Whether it has not had a request.
    pub(crate) fn is_fresh(&self) -> bool {
        self.0.load(Ordering::Relaxed) == FIRST
    }

    /// Whether it has had a part of a further request's head.
    pub(crate) fn is_in_head(&self) -> bool {
        self.0.load(Ordering::Relaxed) == HEAD
    }

    /// Whether it waits for the whole of a head: the first, or one of which a part has arrived.
    pub(crate) fn awaits_head(&self) -> bool {
        self.is_fresh() || self.is_in_head()
    }

    /// It has had a request.
    pub(crate) fn asked(&self) {
        self.0.store(BUSY, Ordering::Relaxed);
    }

    /// It has sent its response.
    pub(crate) fn answered(&self) {
        self.0.store(IDLE, Ordering::Relaxed);
    }

    fn received(&self) {
        let (order, fails) = (Ordering::Relaxed, Ordering::Relaxed);
        self.0.compare_exchange(IDLE, HEAD, order, fails).ok();
    }
}

/// A connection that notes when a request begins.
#[derive(Debug)]
pub(crate) struct Watched<I> {
    io: I,
    progress: Progress,
    /// The client has yet to take a part of a response.
    is_sending: bool,
    /// Something has arrived in the meantime.
    has_received: bool,
}

impl<I> Watched<I> {
    pub(crate) const fn new(io: I, progress: Progress) -> Self {
        Self {
            io,
            progress,
            is_sending: false,
            has_received: false,
        }
    }

    pub(crate) fn into_inner(self) -> I {
        self.io
    }

    /// A request that arrives in part while a response leaves begins when the response has left.
    fn received(&mut self) {
        if self.is_sending {
            self.has_received = true;
        } else {
            self.progress.received();
        }
    }

    fn wrote(&mut self, written: &Poll<io::Result<usize>>, offered: usize) {
        self.is_sending = match written {
            Poll::Ready(Ok(taken)) => *taken < offered,
            Poll::Ready(Err(_)) => false,
            Poll::Pending => true,
        };
        if !self.is_sending && mem::take(&mut self.has_received) {
            self.progress.received();
        }
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Watched<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.io).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.received();
        }
        read
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Watched<I> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, buf);
        self.wrote(&written, buf.len());
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, bufs);
        self.wrote(&written, bufs.iter().map(|buf| buf.len()).sum());
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }
}
