//! The application's own state, which contains the runtime's.

use std::sync::Arc;

use autumn_ws::{Channels, Proxy, Session};
use axum::extract::FromRef;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

/// Notes of hand-written code for a test, in order.
pub type Notes = UnboundedReceiver<String>;

/// The state named in the specs.
#[derive(Clone, Debug)]
pub struct AppState {
    ws: autumn_ws::AppState,
    notes: UnboundedSender<String>,
    gate: Arc<Semaphore>,
}

impl AppState {
    /// A new application, and its notes.
    #[must_use]
    pub fn new() -> (Self, Notes) {
        let (notes, receiver) = mpsc::unbounded_channel();
        let state = Self {
            ws: autumn_ws::AppState::new(),
            notes,
            gate: Arc::new(Semaphore::new(0)),
        };
        (state, receiver)
    }

    /// One of several replicas that share their channels.
    #[must_use]
    pub fn sharing(mut self, channels: Channels) -> Self {
        self.ws = autumn_ws::AppState::with_channels(channels);
        self
    }

    /// The runtime's part of the state.
    #[must_use]
    pub fn ws(&self) -> &autumn_ws::AppState {
        &self.ws
    }

    /// The same application behind a trusted proxy.
    #[must_use]
    pub fn trusting(mut self, proxy: Proxy) -> Self {
        self.ws = self.ws.trusting(proxy);
        self
    }

    /// The same application, which allows these origins and hosts.
    #[must_use]
    pub fn allowing(mut self, origins: &[&str], hosts: &[&str]) -> Self {
        self.ws = self
            .ws
            .allow_origins(origins.to_vec())
            .allow_hosts(hosts.to_vec());
        self
    }

    /// Notes for the test that something happened.
    pub fn note(&self, what: impl Into<String>) {
        // A test that has ended no longer reads notes.
        let _ = self.notes.send(what.into());
    }

    /// Notes for the test who closed a session, and how.
    pub fn note_end(&self, session: &Session) {
        self.note(match session.closed() {
            Some(closed) => format!("{} {} {}", closed.by(), closed.code(), closed.reason()),
            None => "open".to_owned(),
        });
    }

    /// Lets this many pass the gate.
    pub fn open_gate(&self, passes: usize) {
        self.gate.add_permits(passes);
    }

    /// Waits until the test opens the gate.
    pub async fn pass_gate(&self) {
        // The semaphore is never closed.
        if let Ok(pass) = self.gate.acquire().await {
            pass.forget();
        }
    }
}

impl FromRef<AppState> for autumn_ws::AppState {
    fn from_ref(state: &AppState) -> Self {
        state.ws.clone()
    }
}
