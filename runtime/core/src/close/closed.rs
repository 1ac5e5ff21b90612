//! How a session ended.

use crate::{CloseCode, Utf8Bytes, close_code};
use std::{error::Error, fmt, sync::Arc};

/// The close reason after an error or a panic of the session's code.
pub(crate) const INTERNAL_ERROR: &str = "internal error";

/// The end of a session: what a loop is left with, and the report of what happened.
///
/// Every call on an ended [`Session`](crate::Session) fails with it, so `?` is all that a handler
/// needs for those. `?` also makes one of any other error, of the standard library, of a database or
/// of `anyhow`: a session whose code returns it is closed with 1011, and the error is logged with the
/// endpoint and the peer, and counted in `autumn_ws_errors_total`. The client learns nothing of it.
///
/// ```
/// use autumn_ws::{Closed, Event, Session};
///
/// async fn count(mut session: Session) -> Result<(), Closed> {
///     while let Some(event) = session.next().await {
///         match event {
///             Event::Message(message) => {
///                 let number: u32 = message.to_text()?.parse()?;
///                 if number == 0 {
///                     return Err(Closed::with(4000, "finished"));
///                 }
///             }
///             event => session.fallback(event).await?,
///         }
///     }
///     Ok(())
/// }
/// ```
///
/// It is not an [`Error`] itself, because then it could not be made of every error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    by: ClosedBy,
    code: CloseCode,
    cause: Cause,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Cause {
    Reason(Utf8Bytes),
    Failure(Failure),
}

/// An error of the session's code. The box in it is for the size of [`Closed`].
#[derive(Clone, Debug)]
struct Failure(Arc<Box<dyn Error + Send + Sync>>);

impl PartialEq for Failure {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Failure {}

impl Closed {
    /// Ends the session with a close code and reason, when the session's code returns it: as
    /// [`Session::close`](crate::Session::close), from where there is no session at hand.
    ///
    /// A reason of more than 123 bytes is cut at a character. A code that a server may not send, such
    /// as 1006 or 1010, is logged and becomes 1011.
    #[must_use]
    pub fn with(code: CloseCode, reason: impl Into<Utf8Bytes>) -> Self {
        Self::by_server(code, reason.into())
    }

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
        match &self.cause {
            Cause::Reason(reason) => reason.as_str(),
            Cause::Failure(_) => INTERNAL_ERROR,
        }
    }

    /// The error of the session's code that ended it.
    pub(crate) fn failure(&self) -> Option<&(dyn Error + 'static)> {
        match &self.cause {
            Cause::Reason(_) => None,
            Cause::Failure(Failure(error)) => Some(&***error),
        }
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
            cause: Cause::Reason(reason),
        }
    }

    /// The server sent a close frame.
    pub(crate) const fn by_server(code: CloseCode, reason: Utf8Bytes) -> Self {
        Self {
            by: ClosedBy::Server,
            code,
            cause: Cause::Reason(reason),
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
            cause: Cause::Reason(Utf8Bytes::from_static("")),
        }
    }
}

/// An error ends the session with 1011 when the session's code returns it.
impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for Closed {
    fn from(error: E) -> Self {
        Self {
            by: ClosedBy::Server,
            code: close_code::ERROR,
            cause: Cause::Failure(Failure(Arc::new(error.into()))),
        }
    }
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(error) = self.failure() {
            return fmt::Display::fmt(error, f);
        }
        write!(f, "closed by the {} with {}", self.by, self.code)?;
        if self.reason().is_empty() {
            return Ok(());
        }
        write!(f, " ({})", self.reason().escape_debug())
    }
}

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
    use super::{Closed, ClosedBy};

    #[test]
    fn it_reads_well() {
        let client = Closed::by_client(1000, "bye\n".into());
        assert_eq!(
            client.to_string(),
            r"closed by the client with 1000 (bye\n)"
        );
        let lost = Closed::lost();
        assert_eq!(lost.to_string(), "closed by the network with 1006");
        let failed = Closed::from("no database");
        assert_eq!(failed.to_string(), "no database");
    }

    #[test]
    fn any_error_becomes_one() {
        fn fail() -> Result<u8, Closed> {
            Ok("x".parse()?)
        }
        let failed = fail().unwrap_err();
        assert_eq!((failed.by(), failed.code()), (ClosedBy::Server, 1011));
        assert_eq!(failed.reason(), "internal error");
        assert_eq!(failed, failed.clone());
        assert_ne!(failed, fail().unwrap_err());
    }

    #[test]
    fn it_fits_into_results() {
        assert!(size_of::<Closed>() <= 40);
    }
}
