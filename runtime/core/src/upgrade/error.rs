//! Why a request gets no socket.

use super::handshake::HandshakeError;
use crate::endpoint::Reason;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Why a request gets no socket, before any code of the application has run.
#[derive(Debug)]
pub(crate) enum UpgradeError {
    /// The application shuts down.
    ShuttingDown,
    /// It is not a handshake, or not a valid one.
    Handshake(HandshakeError),
    /// It asks for a host that the application does not answer for.
    Host,
    /// The page comes from a foreign origin.
    Origin,
    /// The endpoint has as many sessions as it may have.
    Connections,
    /// It has as many of the same user, or the like.
    ConnectionsPer,
}

impl UpgradeError {
    pub(crate) const fn reason(&self) -> Reason {
        match self {
            Self::ShuttingDown => Reason::ShuttingDown,
            Self::Handshake(_) => Reason::Handshake,
            Self::Host => Reason::Host,
            Self::Origin => Reason::Origin,
            Self::Connections => Reason::Connections,
            Self::ConnectionsPer => Reason::ConnectionsPer,
        }
    }
}

impl From<HandshakeError> for UpgradeError {
    fn from(error: HandshakeError) -> Self {
        Self::Handshake(error)
    }
}

impl UpgradeError {
    /// What the client reads.
    pub(crate) fn text(&self) -> &'static str {
        match self {
            Self::ShuttingDown => "the server is shutting down, connect again in a moment",
            Self::Handshake(error) => error.text(),
            Self::Host => "this server does not answer for this host, see AppState::allow_hosts",
            Self::Origin => {
                "pages from this origin may not open this socket: the endpoint's origins do not include it; \
                a list needs `same` for pages of the socket's own host"
            }
            Self::Connections => "too many connections, try again in a moment",
            Self::ConnectionsPer => "too many connections of yours, close one of them first",
        }
    }
}

impl IntoResponse for UpgradeError {
    fn into_response(self) -> Response {
        let text = self.text();
        match self {
            Self::Handshake(error) => error.into_response(),
            Self::Host => (StatusCode::MISDIRECTED_REQUEST, text).into_response(),
            Self::Origin => (StatusCode::FORBIDDEN, text).into_response(),
            Self::ShuttingDown | Self::Connections => later(StatusCode::SERVICE_UNAVAILABLE, text),
            Self::ConnectionsPer => later(StatusCode::TOO_MANY_REQUESTS, text),
        }
    }
}

/// The client may try again in a moment.
fn later(status: StatusCode, text: &'static str) -> Response {
    let retry = [(header::RETRY_AFTER, HeaderValue::from_static("1"))];
    (status, retry, text).into_response()
}
