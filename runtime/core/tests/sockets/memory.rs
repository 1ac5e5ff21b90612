//! Connections over pipes in memory, for tests about time: while tokio's clock is paused, time
//! passes only when there is nothing else to do.

use crate::{app, raw::RawClient};
use autumn_ws_core::{AppState, Closed, Endpoint, Session};
use axum::serve::Listener;
use std::{future::pending, io};
use tokio::{
    io::{AsyncRead, AsyncWrite, DuplexStream, duplex},
    sync::mpsc,
};

/// The bytes that a pipe holds.
const PIPE: usize = 64 * 1024;

pub struct MemoryServer(mpsc::UnboundedSender<DuplexStream>);

/// As [`app::start`].
pub fn start<E, F, Fut>(state: &AppState, code: F) -> MemoryServer
where
    E: Endpoint + 'static,
    F: Fn(Session) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<(), Closed>> + Send + 'static,
{
    MemoryServer(start_over::<E, F, Fut, _>(state, code))
}

/// The same over given connections of any kind.
pub fn start_over<E, F, Fut, C>(state: &AppState, code: F) -> mpsc::UnboundedSender<C>
where
    E: Endpoint + 'static,
    F: Fn(Session) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<(), Closed>> + Send + 'static,
    C: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (connect, connections) = mpsc::unbounded_channel();
    let server = axum::serve(Handed(connections), app::router::<E, F, Fut>(state, code));
    tokio::spawn(server.into_future());
    connect
}

impl MemoryServer {
    /// Opens a socket.
    pub async fn open(&self) -> RawClient<DuplexStream> {
        let (client, server) = duplex(PIPE);
        self.0.send(server).unwrap();
        RawClient::over(client).await
    }
}

struct Handed<C>(mpsc::UnboundedReceiver<C>);

impl<C: AsyncRead + AsyncWrite + Unpin + Send + 'static> Listener for Handed<C> {
    type Io = C;
    type Addr = ();

    async fn accept(&mut self) -> (C, ()) {
        match self.0.recv().await {
            Some(connection) => (connection, ()),
            None => pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<()> {
        Ok(())
    }
}
