//! How a session ended.

use crate::{CloseCode, Utf8Bytes, close_code};
use std::{error::Error, fmt};

/// The end of a session: an error to leave a loop with, and the report of what happened.
///
/// Every call on an ended [`Session`](crate::Session) fails with it, so `?` is all that a handler
/// needs. Only sessions make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    by: ClosedBy,
    code: CloseCode,
    reason: Utf8Bytes,
}

impl Closed {
    /// Who ended the session.
    #[must_use]
    pub const fn by(&self) -> ClosedBy {
        self.by
    }

    /// The close code ([RFC 6455, 7.1.5](https://www.rfc-editor.org/rfc/rfc6455#section-7.1.5)).
    ///
    /// It is 1005 ([`close_code::STATUS`]) when the client's close frame had none, and 1006
    /// ([`close_code::ABNORMAL`]) when there was no close frame.
    #[must_use]
    pub const fn code(&self) -> CloseCode {
        self.code
    }

    /// The close reason, often empty. If the client closed, it is the client's text and may contain
    /// anything.
    #[must_use]
    pub fn reason(&self) -> &str {
        self.reason.as_str()
    }

    /// Whether there was a close frame, so that the closing handshake can be finished.
    pub(crate) const fn is_clean(&self) -> bool {
        self.code != close_code::ABNORMAL
    }

    /// The client sent a close frame.
    pub(crate) const fn by_client(code: CloseCode, reason: Utf8Bytes) -> Self {
        Self {
            by: ClosedBy::Client,
            code,
            reason,
        }
    }

    /// The server sent a close frame.
    pub(crate) const fn by_server(code: CloseCode, reason: Utf8Bytes) -> Self {
        Self {
            by: ClosedBy::Server,
            code,
            reason,
        }
    }

    /// The server cut off a client that took no data.
    pub(crate) const fn cut() -> Self {
        let reason = Utf8Bytes::from_static("the client takes no data");
        Self::by_server(close_code::ABNORMAL, reason)
    }

    /// The connection broke.
    pub(crate) const fn lost() -> Self {
        Self {
            by: ClosedBy::Network,
            code: close_code::ABNORMAL,
            reason: Utf8Bytes::from_static(""),
        }
    }
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "closed by the {} with {}", self.by, self.code)?;
        if self.reason().is_empty() {
            return Ok(());
        }
        write!(f, " ({})", self.reason().escape_debug())
    }
}

impl Error for Closed {}

/// Who ended a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosedBy {
    /// The client sent a close frame.
    Client,
    /// The server sent a close frame, or cut off a client that took no data
    /// ([`Endpoint::SEND_TIMEOUT`](crate::Endpoint::SEND_TIMEOUT), code 1006).
    Server,
    /// Nobody: the connection was lost.
    Network,
}

impl ClosedBy {
    /// All of them, in order.
    pub(crate) const ALL: [Self; 3] = [Self::Client, Self::Server, Self::Network];

    /// Its name in logs and metrics.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
            Self::Network => "network",
        }
    }
}

impl fmt::Display for ClosedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Closed;

    #[test]
    fn it_reads_well() {
        let client = Closed::by_client(1000, "bye\n".into());
        assert_eq!(
            client.to_string(),
            r"closed by the client with 1000 (bye\n)"
        );
        let lost = Closed::lost();
        assert_eq!(lost.to_string(), "closed by the network with 1006");
    }

    #[test]
    fn it_fits_into_results() {
        assert!(size_of::<Closed>() <= 40);
    }
}
