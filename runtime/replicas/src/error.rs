//! What goes wrong with an engine.

use std::{error::Error, fmt, io};

/// Why there is no connection to an engine, or none any more.
///
/// `main` may return it: `Debug` prints a sentence, too.
#[derive(Clone, PartialEq, Eq)]
pub struct EngineError {
    refused: bool,
    message: String,
}

impl EngineError {
    /// The server cannot be reached, or does not answer properly: another attempt follows.
    #[must_use]
    pub fn away(reason: impl fmt::Display) -> Self {
        Self::new(false, &reason)
    }

    /// The server refuses, or cannot be used. At the start that is final; later, when the server
    /// may be about to change, another attempt follows.
    #[must_use]
    pub fn refused(reason: impl fmt::Display) -> Self {
        Self::new(true, &reason)
    }

    fn new(refused: bool, reason: &dyn fmt::Display) -> Self {
        let reason = reason.to_string();
        // It is used in log lines.
        let message = reason.split_whitespace().collect::<Vec<_>>().join(" ");
        Self { refused, message }
    }

    /// Whether a client library's text is about an untrusted certificate, which waiting does not
    /// help. The TLS library's error is only available as text.
    #[cfg(any(feature = "nats", feature = "redis"))]
    pub(super) fn is_about_certificates(text: &str) -> bool {
        text.contains("invalid peer certificate")
    }

    /// The same, with the place where it happened.
    pub(super) fn at(self, address: &str) -> Self {
        Self {
            message: format!("{address}: {}", self.message),
            ..self
        }
    }

    /// Whether the server refuses.
    #[must_use]
    pub const fn is_refused(&self) -> bool {
        self.refused
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for EngineError {}

/// For a `main` that also returns errors of [`serve`](autumn_ws_core::serve()).
impl From<EngineError> for io::Error {
    fn from(error: EngineError) -> Self {
        let kind = if error.refused {
            io::ErrorKind::InvalidInput
        } else {
            io::ErrorKind::NotConnected
        };
        Self::new(kind, error)
    }
}

#[cfg(test)]
mod tests {
    use super::EngineError;
    use std::io;

    #[test]
    fn it_is_printed_in_one_line() {
        let error = EngineError::refused("no\n  \"way\"").at("here");
        assert_eq!(error.to_string(), "here: no \"way\"");
        assert_eq!(format!("{error:?}"), error.to_string());
        assert_eq!(
            io::Error::from(error.clone()).to_string(),
            error.to_string()
        );
    }
}
