//! What goes wrong with NATS.

use crate::EngineError;
use async_nats::{ConnectError, ConnectErrorKind, Event, ServerError};
use std::{error::Error, io};

/// Why there is no connection.
pub(super) fn fault(error: ConnectError) -> EngineError {
    match error.kind() {
        ConnectErrorKind::Authentication
        | ConnectErrorKind::AuthorizationViolation
        | ConnectErrorKind::ServerParse
        | ConnectErrorKind::Tls => EngineError::refused(error),
        _ => broken(&error),
    }
}

/// The connection is broken, or never worked. Only what may change is worth another attempt.
fn broken(error: &ConnectError) -> EngineError {
    let source = error.source();
    if let Some(answer) = source.and_then(|source| source.downcast_ref()) {
        return said(answer);
    }
    let kind = source
        .and_then(|source| source.downcast_ref())
        .map(io::Error::kind);
    let text = error.to_string();
    // It does not send NATS' protocol, or not TLS.
    let is_strange = matches!(
        kind,
        Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput)
    );
    if is_strange || EngineError::is_about_certificates(&text) {
        EngineError::refused(text)
    } else {
        EngineError::away(text)
    }
}

/// The fault that an event reports, if any.
pub(super) fn fault_of(event: Event) -> Option<EngineError> {
    match event {
        Event::Connected | Event::LameDuckMode | Event::ClientError(_) => None,
        Event::ServerError(error) => Some(said(&error)),
        Event::SlowConsumer(_) => {
            Some(EngineError::away("messages come faster than they are read"))
        }
        Event::Disconnected | Event::Draining | Event::Closed => {
            Some(EngineError::away("NATS has closed the connection"))
        }
    }
}

/// The server reports what is wrong. It will do so again, unless it is stopping or full.
fn said(error: &ServerError) -> EngineError {
    let text = error.to_string().to_ascii_lowercase();
    let is_passing = PASSING.iter().any(|part| text.contains(part));
    if is_passing {
        EngineError::away(error)
    } else {
        EngineError::refused(error)
    }
}

/// Parts of NATS' errors that may not last.
const PASSING: [&str; 6] = [
    "authentication timeout",
    "connection throttling",
    "connections exceeded",
    "server shutdown",
    "slow consumer",
    "stale connection",
];

#[cfg(test)]
mod tests {
    use super::{fault, said};
    use async_nats::{ConnectError, ConnectErrorKind, ServerError};
    use std::io;

    #[test]
    fn errors_of_nats_are_refusals_unless_temporary() {
        for (text, is_refused) in [
            ("User Authentication Expired", true),
            ("User Authentication Revoked", true),
            ("Account Authentication Expired", true),
            ("Permissions Violation for Publish to \"a\"", true),
            ("Unknown Protocol Operation", true),
            ("maximum connections exceeded", false),
            ("maximum account active connections exceeded", false),
            ("Authentication Timeout", false),
            ("Server Shutdown", false),
        ] {
            let error = ServerError::Other(text.into());
            assert_eq!(said(&error).is_refused(), is_refused, "{text}");
            let error = ConnectError::with_source(ConnectErrorKind::Io, error);
            assert_eq!(fault(error).is_refused(), is_refused, "{text}");
        }
        assert!(said(&ServerError::AuthorizationViolation).is_refused());
    }

    #[test]
    fn a_broken_connection_is_away_unless_it_can_never_work() {
        for (kind, is_refused) in [
            (io::ErrorKind::ConnectionRefused, false),
            (io::ErrorKind::UnexpectedEof, false),
            (io::ErrorKind::InvalidData, true),
        ] {
            let error = ConnectError::from(io::Error::from(kind));
            assert_eq!(fault(error).is_refused(), is_refused, "{kind:?}");
        }
        let dns = ConnectError::with_source(ConnectErrorKind::Dns, "unknown host");
        assert!(!fault(dns).is_refused());
    }
}
