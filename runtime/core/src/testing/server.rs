//! A server under test.

use super::{client::TestClient, request::TestRequest, wait::PATIENCE};
use crate::{
    Shutdown,
    serve::{self, Limits, Signals},
};
use axum::Router;
use std::{io, net::SocketAddr};
use tokio::{net::TcpListener, sync::mpsc, task::JoinHandle};

/// An application that serves on a free port of the loopback interface.
///
/// It runs as with [`serve`](crate::serve()), but does not listen to signals, so that Ctrl-C ends
/// the tests.
#[derive(Debug)]
pub struct TestServer {
    addr: SocketAddr,
    shutdown: Shutdown,
    task: JoinHandle<io::Result<()>>,
}

impl TestServer {
    /// Starts an application in its own task.
    ///
    /// # Panics
    ///
    /// Panics outside of a tokio runtime, or if there is no free port.
    #[must_use]
    pub fn start(router: Router, shutdown: Shutdown) -> Self {
        let (listener, addr) = listen().expect("a free port on the loopback interface");
        let (_, no_signals) = mpsc::channel(1);
        let signals = Signals::from(no_signals);
        let limits = Limits {
            requests: PATIENCE,
            ..Limits::default()
        };
        let server = serve::run(listener, router, shutdown.clone(), signals, limits.into());
        Self {
            addr,
            shutdown,
            task: tokio::spawn(server),
        }
    }

    /// The address of the server.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The WebSocket URL of a path that begins with `/`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("ws://{}{path}", self.addr)
    }

    /// Opens a socket.
    ///
    /// # Panics
    ///
    /// Panics when the server refuses it. To test that, use [`request`](TestServer::request).
    pub async fn connect(&self, path: &str) -> TestClient {
        match self.request(path).connect().await {
            Ok(client) => client,
            Err(refused) => panic!("expected {path} to open, but the server {refused}"),
        }
    }

    /// Prepares a request for a socket.
    pub fn request(&self, path: &str) -> TestRequest {
        TestRequest::new(self.addr, &self.url(path))
    }

    /// Shuts the application down and waits until it has ended.
    ///
    /// # Panics
    ///
    /// Panics when it ends with an error.
    pub async fn shutdown(self) {
        self.shutdown.begin();
        let ended = self.task.await.expect("the server does not panic");
        ended.expect("the server ends without an error");
    }
}

fn listen() -> io::Result<(TcpListener, SocketAddr)> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    listener.set_nonblocking(true)?;
    let addr = listener.local_addr()?;
    Ok((TcpListener::from_std(listener)?, addr))
}
