//! Messages that do not leave.

use super::encode::EncodeError;
use std::{error::Error, fmt};

/// Why a message from another task was not sent.
///
/// It converts into [`Closed`](crate::Closed) with `?`.
#[derive(Debug)]
#[non_exhaustive]
pub enum SendError {
    /// The session has ended.
    Ended,
    /// The client does not want the answer any more (`$cancel`).
    Cancelled,
    /// Too many messages wait, and this is the code of the session itself, which has to continue
    /// before any can leave. Send from a task of its own ([`tokio::spawn`]).
    Full,
    /// The message cannot be written as JSON.
    Encode(EncodeError),
}

impl From<EncodeError> for SendError {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ended => f.write_str("the session has ended"),
            Self::Cancelled => f.write_str("the client has cancelled the request"),
            Self::Full => f.write_str(
                "too many messages wait for the session, whose own code sends one more: \
                 send from another task",
            ),
            Self::Encode(error) => error.fmt(f),
        }
    }
}

impl Error for SendError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Encode(error) => error.source(),
            _ => None,
        }
    }
}
