//! What goes wrong with NATS.

use crate::EngineError;
use async_nats::{ConnectError, ConnectErrorKind, Event};

/// Why there is no connection.
pub(super) fn fault(error: ConnectError) -> EngineError {
    match error.kind() {
        ConnectErrorKind::Authentication
        | ConnectErrorKind::AuthorizationViolation
        | ConnectErrorKind::ServerParse
        | ConnectErrorKind::Tls => EngineError::refused(error),
        _ if EngineError::is_about_certificates(&error.to_string()) => EngineError::refused(error),
        _ => EngineError::away(error),
    }
}

/// What is wrong after an event, if something is.
pub(super) fn fault_of(event: Event) -> Option<EngineError> {
    match event {
        Event::Connected | Event::LameDuckMode | Event::ClientError(_) => None,
        Event::ServerError(error) if is_about_rights(&error.to_string()) => {
            Some(EngineError::refused(error))
        }
        Event::ServerError(error) => Some(EngineError::away(error)),
        Event::SlowConsumer(_) => {
            Some(EngineError::away("messages come faster than they are read"))
        }
        Event::Disconnected | Event::Draining | Event::Closed => {
            Some(EngineError::away("NATS has closed the connection"))
        }
    }
}

fn is_about_rights(error: &str) -> bool {
    let error = error.to_ascii_lowercase();
    error.contains("permissions violation") || error.contains("authorization violation")
}
