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
    /// The page comes from a foreign origin.
    Origin,
    /// The endpoint has as many sessions as it may have.
    Connections,
}

impl UpgradeError {
    pub(crate) const fn reason(&self) -> Reason {
        match self {
            Self::ShuttingDown => Reason::ShuttingDown,
            Self::Handshake(_) => Reason::Handshake,
            Self::Origin => Reason::Origin,
            Self::Connections => Reason::Connections,
        }
    }
}

impl From<HandshakeError> for UpgradeError {
    fn from(error: HandshakeError) -> Self {
        Self::Handshake(error)
    }
}

impl IntoResponse for UpgradeError {
    fn into_response(self) -> Response {
        match self {
            Self::ShuttingDown => {
                unavailable("the server is shutting down, connect again in a moment")
            }
            Self::Handshake(error) => error.into_response(),
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
