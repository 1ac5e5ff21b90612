//! The bytes under a socket.

use super::output::{Output, PARTS};
use crate::{Bytes, watched::Watched};
use hyper::upgrade::Upgraded;
use hyper_util::{rt::TokioIo, server::conn::auto::upgrade::downcast};
use std::{
    future::{Future, poll_fn},
    io::{self, IoSlice},
    mem::MaybeUninit,
    pin::{Pin, pin},
    task::{Context, Poll, ready},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf},
    net::TcpStream,
    task::coop::unconstrained,
};

/// How much is read at once, in bytes.
const READ: usize = 16 * 1024;

/// A connection that reads large blocks, although its reader has room for little, and that writes
/// only in [`poll_send`](Connection::poll_send): what is written to it as an [`AsyncWrite`] is
/// queued.
pub(super) struct Connection {
    io: Io,
    /// What was read and did not fit. It is usually empty, and then needs no memory.
    rest: Bytes,
    output: Output,
    /// The layer below may hold some bytes back, as TLS does.
    is_held: bool,
    /// How many bytes have left so far.
    written: u64,
}

/// What carries the bytes.
enum Io {
    Tcp(TcpStream),
    /// TLS, HTTP/2, a Unix socket.
    Other(TokioIo<Upgraded>),
}

impl Connection {
    pub(super) fn new(upgraded: Upgraded) -> Self {
        let (io, rest) = match unwrap(upgraded) {
            // Copied, since even an empty one would keep hyper's buffer.
            Ok((stream, rest)) => {
                tune(&stream);
                (Io::Tcp(stream), Bytes::copy_from_slice(&rest))
            }
            Err(upgraded) => (Io::Other(TokioIo::new(upgraded)), Bytes::new()),
        };
        Self {
            io,
            rest,
            output: Output::default(),
            is_held: false,
            written: 0,
        }
    }

    /// What is queued.
    pub(super) const fn output(&mut self) -> &mut Output {
        &mut self.output
    }

    /// Whether everything has left.
    pub(super) const fn is_flushed(&self) -> bool {
        self.output.is_empty() && !self.is_held
    }

    /// How many bytes have left so far.
    pub(super) const fn written(&self) -> u64 {
        self.written
    }

    /// Waits until there may be something to read, where that is cheaper than trying.
    pub(super) fn poll_readable(&self, cx: &mut Context<'_>) -> Poll<()> {
        match &self.io {
            Io::Tcp(stream) if self.rest.is_empty() => stream.poll_read_ready(cx).map(drop),
            _ => Poll::Ready(()),
        }
    }

    /// Waits until everything has left.
    ///
    /// It tries even if reading has used up the budget that tokio grants a task in one turn.
    /// Otherwise a client that sends a lot would look like one that takes no data.
    pub(super) fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        pin!(unconstrained(poll_fn(|cx| self.poll_write_all(cx)))).poll(cx)
    }

    fn poll_write_all(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.output.is_empty() {
            let io = self.io.pinned();
            // Small messages leave as one slice, for which there is a cheaper system call.
            let written = if let Some(only) = self.output.only_slice() {
                io.poll_write(cx, only)
            } else {
                let mut room = [IoSlice::new(&[]); PARTS];
                io.poll_write_vectored(cx, self.output.slices(&mut room))
            };
            let count = ready!(written)?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += count as u64;
            self.output.advance(count);
            self.is_held = true;
        }
        ready!(self.io.pinned().poll_flush(cx))?;
        self.is_held = false;
        Poll::Ready(Ok(()))
    }

    /// Shuts down the sending side, and waits until the client has done the same.
    ///
    /// What the client still sends is discarded. If the connection were closed at once, the operating
    /// system would answer it with a reset.
    pub(super) async fn linger(&mut self) {
        let mut ignored = [0; 512];
        let closed = poll_fn(|cx| self.io.pinned().poll_shutdown(cx)).await;
        if closed.is_ok() {
            while matches!(self.read(&mut ignored).await, Ok(1..)) {}
        }
    }
}

/// The TCP connection below a socket, of our server or another one, and what was read of it.
fn unwrap(upgraded: Upgraded) -> Result<(TcpStream, Bytes), Upgraded> {
    match downcast::<TokioIo<Watched<TcpStream>>>(upgraded) {
        Ok(parts) => Ok((parts.io.into_inner().into_inner(), parts.read_buf)),
        Err(upgraded) => downcast::<TokioIo<TcpStream>>(upgraded)
            .map(|parts| (parts.io.into_inner(), parts.read_buf)),
    }
}

/// Sets options that `axum::serve` does not set. The connection also works without them.
pub(crate) fn tune(stream: &TcpStream) {
    if let Err(error) = stream.set_nodelay(true).and_then(|()| limit_unsent(stream)) {
        tracing::debug!(%error, "a connection keeps its defaults");
    }
}

/// The most bytes that wait in the operating system, beyond those that are on their way. The default
/// is megabytes for a client that reads nothing. A client that reads slowly then looks like one that
/// reads nothing, because the connection takes no more bytes until a third of that is gone.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn limit_unsent(stream: &TcpStream) -> io::Result<()> {
    const UNSENT: u32 = 32 * 1024;
    socket2::SockRef::from(stream).set_tcp_notsent_lowat(UNSENT)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn limit_unsent(_: &TcpStream) -> io::Result<()> {
    Ok(())
}

trait Duplex: AsyncRead + AsyncWrite {}

impl<T: AsyncRead + AsyncWrite> Duplex for T {}

impl Io {
    fn pinned(&mut self) -> Pin<&mut dyn Duplex> {
        match self {
            Self::Tcp(stream) => Pin::<&mut TcpStream>::new(stream),
            Self::Other(io) => Pin::<&mut TokioIo<Upgraded>>::new(io),
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.rest.is_empty() {
            let mut room = [MaybeUninit::uninit(); READ];
            let mut read = ReadBuf::uninit(&mut room);
            ready!(self.io.pinned().poll_read(cx, &mut read))?;
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

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.output.push_bytes(buf);
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Connection, Io, Output, READ};
    use crate::{AppState, Bytes};
    use axum::{
        Router,
        extract::Request,
        http::{StatusCode, header},
        routing::get,
    };
    use std::future::IntoFuture;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
        sync::mpsc,
    };

    /// A connection that was upgraded under a server.
    async fn upgraded<F, S>(serve: F) -> Connection
    where
        F: FnOnce(TcpListener, Router) -> S,
        S: Future<Output: Send> + Send + 'static,
    {
        let (upgraded, mut connections) = mpsc::unbounded_channel();
        let upgrade = async move |mut request: Request| {
            let upgrade = hyper::upgrade::on(&mut request);
            tokio::spawn(async move {
                let connection = Connection::new(upgrade.await.unwrap());
                upgraded.send(connection).ok();
            });
            let headers = [(header::CONNECTION, "upgrade"), (header::UPGRADE, "this")];
            (StatusCode::SWITCHING_PROTOCOLS, headers)
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let server = serve(listener, Router::new().route("/", get(upgrade)));
        let server = tokio::spawn(server);
        let request =
            "GET / HTTP/1.1\r\nHost: here\r\nConnection: upgrade\r\nUpgrade: this\r\n\r\n";
        client.write_all(request.as_bytes()).await.unwrap();
        let connection = connections.recv().await.unwrap();
        server.abort();
        connection
    }

    /// This way costs least.
    #[tokio::test]
    async fn tcp_is_used_directly() {
        let serve = |listener, router| crate::serve(listener, router, AppState::new().shutdown());
        assert!(matches!(upgraded(serve).await.io, Io::Tcp(_)));
        let serve = |listener, router| axum::serve(listener, router).into_future();
        assert!(matches!(upgraded(serve).await.io, Io::Tcp(_)));
    }

    #[tokio::test]
    async fn bytes_that_do_not_fit_are_read_later() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let mut client = TcpStream::connect(addr).await.unwrap();
        let mut connection = Connection {
            io: Io::Tcp(listener.accept().await.unwrap().0),
            rest: Bytes::from_static(b"before"),
            output: Output::default(),
            is_held: false,
            written: 0,
        };
        let sent: Vec<u8> = (0..=250).cycle().take(2 * READ + 100).collect();
        client.write_all(&sent).await.unwrap();
        let mut read = vec![0; 6 + sent.len()];
        for part in read.chunks_mut(1000) {
            connection.read_exact(part).await.unwrap();
        }
        assert_eq!(&read[..6], b"before");
        assert!(read[6..] == sent);
        drop(client);
        assert_eq!(connection.read(&mut [0]).await.unwrap(), 0);
    }
}
