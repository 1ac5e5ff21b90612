//! The server.

use autumn_ws::{AsChannelName, Shutdown};
use axum::Router;
use std::{io, net::SocketAddr};
use test_kit::{Client, Refused, Request, briefly, http};
use tokio::{net::TcpListener, task::JoinHandle};
use wire_tests::{AppState, Notes, ws};

/// The application, running on a free port.
pub struct App {
    pub addr: SocketAddr,
    pub state: AppState,
    notes: Notes,
    server: JoinHandle<io::Result<()>>,
}

impl App {
    /// Runs the application as it is.
    pub async fn start() -> Self {
        Self::mount(|routes| routes).await
    }

    /// Runs it inside of what a user may wrap around it.
    pub async fn mount(wrap: impl FnOnce(Router<AppState>) -> Router<AppState>) -> Self {
        let serve =
            |listener, router, shutdown| tokio::spawn(autumn_ws::serve(listener, router, shutdown));
        Self::serve(wrap, serve).await
    }

    /// Runs it on a different server than the runtime's.
    pub async fn serve(
        wrap: impl FnOnce(Router<AppState>) -> Router<AppState>,
        serve: impl FnOnce(TcpListener, Router, Shutdown) -> JoinHandle<io::Result<()>>,
    ) -> Self {
        let (state, notes) = AppState::new();
        let router = wrap(ws::router()).with_state(state.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let server = serve(listener, router, state.ws().shutdown());
        Self {
            addr,
            state,
            notes,
            server,
        }
    }

    /// Opens a socket.
    pub async fn connect(&self, path: &str) -> Client {
        self.request(path).open().await
    }

    /// Requests a socket and expects a refusal.
    pub async fn refused(&self, path: &str) -> Refused {
        self.request(path).refused().await
    }

    /// Prepares a request for a socket.
    pub fn request(&self, path: &str) -> Request {
        Request::new(self.addr, path)
    }

    /// Sends a plain HTTP request without a body; returns the status.
    pub async fn http(&self, method: &str, path: &str) -> u16 {
        http(self.addr, method, path).await.0
    }

    /// The next note of hand-written code.
    pub async fn note(&mut self) -> String {
        briefly("a note", self.notes.recv()).await.unwrap()
    }

    /// Publishes as an application does, and checks the number of listeners.
    pub fn publish(
        &self,
        channel: impl AsChannelName,
        text: impl Into<autumn_ws::Payload>,
    ) -> usize {
        self.state.ws().channels().publish(channel, text)
    }

    /// Gives the listeners of a channel a gap, as after an outage between replicas; returns how
    /// many there are.
    pub fn gap(&self, channel: impl AsChannelName) -> usize {
        autumn_ws::testing::gap(self.state.ws().channels(), channel)
    }

    /// Begins the shutdown.
    pub fn shut_down(&self) {
        self.state.ws().shutdown().begin();
    }

    /// Waits until the server has ended by itself.
    pub async fn ended(self) {
        let server = briefly("the end of the server", self.server).await;
        server.unwrap().unwrap();
    }
}
