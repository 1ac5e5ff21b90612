//! Requests that get no socket.

use super::handshake::Fault;
use crate::endpoint::{Reason, Slots};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::net::SocketAddr;

/// Why there is no socket, before any code of the application's has run.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The application shuts down.
    ShuttingDown,
    /// This is no handshake, or a wrong one.
    Handshake(Fault),
    /// The page comes from elsewhere.
    Origin,
    /// There are too many sessions.
    Connections,
}

impl Refusal {
    pub(crate) const fn reason(&self) -> Reason {
        match self {
            Self::ShuttingDown => Reason::ShuttingDown,
            Self::Handshake(_) => Reason::Handshake,
            Self::Origin => Reason::Origin,
            Self::Connections => Reason::Connections,
        }
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Handshake(fault)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::ShuttingDown => {
                unavailable("the server is shutting down, connect again in a moment")
            }
            Self::Handshake(fault) => fault.into_response(),
            Self::Origin => {
                let text =
                    "pages from this origin may not open this socket, see the endpoint's origins";
                (StatusCode::FORBIDDEN, text).into_response()
            }
            Self::Connections => unavailable("too many connections, try again in a moment"),
        }
    }
}

fn unavailable(text: &'static str) -> Response {
    let retry = [(header::RETRY_AFTER, HeaderValue::from_static("1"))];
    (StatusCode::SERVICE_UNAVAILABLE, retry, text).into_response()
}

/// A request that was neither granted nor refused yet. Where it is dropped so, it is the
/// application that refuses, or the client has left.
#[derive(Debug)]
pub(crate) struct Undecided {
    endpoint: &'static str,
    slots: Slots,
    peer: Option<SocketAddr>,
    is_decided: bool,
}

impl Undecided {
    pub(crate) const fn new(
        endpoint: &'static str,
        slots: Slots,
        peer: Option<SocketAddr>,
    ) -> Self {
        Self {
            endpoint,
            slots,
            peer,
            is_decided: false,
        }
    }

    /// The client's address, where the application was started with connection information.
    pub(crate) const fn peer(&self) -> Option<SocketAddr> {
        self.peer
    }

    /// The endpoint that is asked for.
    pub(crate) const fn slots(&self) -> &Slots {
        &self.slots
    }

    /// The request gets its socket.
    pub(crate) fn grant(mut self) {
        self.is_decided = true;
    }

    /// The request gets another answer.
    pub(crate) fn refuse(mut self, refusal: Refusal) -> Response {
        self.is_decided = true;
        self.note(refusal.reason());
        refusal.into_response()
    }

    fn note(&self, reason: Reason) {
        self.slots.counters().reject(reason);
        tracing::debug!(
            endpoint = self.endpoint,
            peer = self.peer.map(tracing::field::display),
            reason = reason.label(),
            "refused to open a socket"
        );
    }
}

impl Drop for Undecided {
    fn drop(&mut self) {
        if self.is_decided {
            return;
        }
        self.note(Reason::Application);
        if std::thread::panicking() {
            self.slots.counters().panics.count();
            tracing::error!(
                endpoint = self.endpoint,
                peer = self.peer.map(tracing::field::display),
                "the code that decides about a request panicked"
            );
        }
    }
}
