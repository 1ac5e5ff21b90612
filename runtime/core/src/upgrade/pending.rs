//! Requests that have no answer yet.

use super::error::UpgradeError;
use crate::endpoint::{OpenSessions, Reason};
use axum::response::{IntoResponse, Response};
use std::net::SocketAddr;

/// A request that is neither granted nor refused yet. If it is dropped like this, the application
/// has refused it, or the client has left.
#[derive(Debug)]
pub(crate) struct PendingRequest {
    endpoint: &'static str,
    sessions: OpenSessions,
    peer: Option<SocketAddr>,
    is_decided: bool,
}

impl PendingRequest {
    pub(crate) const fn new(
        endpoint: &'static str,
        sessions: OpenSessions,
        peer: Option<SocketAddr>,
    ) -> Self {
        Self {
            endpoint,
            sessions,
            peer,
            is_decided: false,
        }
    }

    /// The client's address, where the application was started with connection information.
    pub(crate) const fn peer(&self) -> Option<SocketAddr> {
        self.peer
    }

    /// The sessions of the endpoint.
    pub(crate) const fn sessions(&self) -> &OpenSessions {
        &self.sessions
    }

    /// The request gets its socket.
    pub(crate) fn grant(mut self) {
        self.is_decided = true;
    }

    /// The request gets an error.
    pub(crate) fn refuse(&mut self, error: UpgradeError) -> Response {
        self.is_decided = true;
        self.note(error.reason());
        error.into_response()
    }

    fn note(&self, reason: Reason) {
        self.sessions.counters().reject(reason);
        tracing::debug!(
            endpoint = self.endpoint,
            peer = self.peer.map(tracing::field::display),
            reason = reason.label(),
            "refused to open a socket"
        );
    }
}

impl Drop for PendingRequest {
    fn drop(&mut self) {
        if self.is_decided {
            return;
        }
        self.note(Reason::Application);
        if std::thread::panicking() {
            self.sessions.counters().panics.count();
            tracing::error!(
                endpoint = self.endpoint,
                peer = self.peer.map(tracing::field::display),
                "the code that decides about a request panicked"
            );
        }
    }
}
