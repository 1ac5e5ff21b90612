//! What goes wrong with an engine.

use std::{error::Error, fmt, io};

/// Why there is no connection to an engine, or no longer.
///
/// `main` may return it: it is shown as a sentence by `Debug`, too.
#[derive(Clone, PartialEq, Eq)]
pub struct EngineError {
    refused: bool,
    message: String,
}

impl EngineError {
    /// The server cannot be reached, or does not answer as it should: it is tried again.
    #[must_use]
    pub fn away(reason: impl fmt::Display) -> Self {
        Self::new(false, &reason)
    }

    /// The server does not want us, or cannot be used. That is final at the start; later, when
    /// the server may be about to change, it is tried again.
    #[must_use]
    pub fn refused(reason: impl fmt::Display) -> Self {
        Self::new(true, &reason)
    }

    fn new(refused: bool, reason: &dyn fmt::Display) -> Self {
        let reason = reason.to_string();
        // It goes into log lines.
        let message = reason.split_whitespace().collect::<Vec<_>>().join(" ");
        Self { refused, message }
    }

    /// Whether a text of a client library is about a certificate that is not trusted. Another one
    /// does not come by waiting, and what the TLS library says is handed on as text.
    #[cfg(any(feature = "nats", feature = "redis"))]
    pub(super) fn is_about_certificates(text: &str) -> bool {
        text.contains("invalid peer certificate")
    }

    /// The same, with where it happened.
    pub(super) fn at(self, address: &str) -> Self {
        Self {
            message: format!("{address}: {}", self.message),
            ..self
        }
    }

    /// Whether the server does not want us.
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

/// For a `main` that returns those of [`serve`](autumn_ws_core::serve()).
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
    fn it_is_one_line_however_it_is_shown() {
        let error = EngineError::refused("no\n  \"way\"").at("here");
        assert_eq!(error.to_string(), "here: no \"way\"");
        assert_eq!(format!("{error:?}"), error.to_string());
        assert_eq!(
            io::Error::from(error.clone()).to_string(),
            error.to_string()
        );
    }
}
