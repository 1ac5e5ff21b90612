//! What goes wrong with Redis.

use crate::EngineError;
use redis::{ErrorKind, RedisError};
use std::{error::Error, io, sync::Arc};

/// What went wrong. Only what may change is worth another attempt: Redis will answer a command the
/// same way again, unless it is busy.
pub(super) fn fault(error: RedisError) -> EngineError {
    match error.kind() {
        ErrorKind::Io => broken(error),
        ErrorKind::RESP3NotSupported => too_old(),
        ErrorKind::Parse => EngineError::refused(format_args!("this is not Redis: {error}")),
        _ => answer(error),
    }
}

/// The connection is broken, or could not be made.
fn broken(error: RedisError) -> EngineError {
    match io_kind(&error) {
        // Such as an answer that is not TLS.
        Some(
            io::ErrorKind::InvalidData
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::PermissionDenied,
        ) => EngineError::refused(error),
        _ if EngineError::is_about_certificates(&error.to_string()) => EngineError::refused(error),
        _ => EngineError::away(error),
    }
}

fn io_kind(error: &RedisError) -> Option<io::ErrorKind> {
    let source: &Arc<dyn Error + Send + Sync> = error.source()?.downcast_ref()?;
    source.downcast_ref().map(io::Error::kind)
}

/// Redis has answered with an error.
fn answer(error: RedisError) -> EngineError {
    match error.code() {
        Some("NOAUTH") => EngineError::refused(
            "Redis wants a password: redis://:PASSWORD@HOST, or redis://USER:PASSWORD@HOST",
        ),
        Some("NOPROTO") => too_old(),
        Some(code) if PASSING.contains(&code) => EngineError::away(error),
        _ => match error.detail() {
            Some(text) if text.contains("max number of clients") => EngineError::away(error),
            Some(text) if text.contains("DB index is out of range") => {
                EngineError::refused("there is no database with that number")
            }
            _ => EngineError::refused(error),
        },
    }
}

/// Redis' answers that may soon change.
const PASSING: [&str; 8] = [
    "BUSY",
    "CLUSTERDOWN",
    "LOADING",
    "MASTERDOWN",
    "MISCONF",
    "NOREPLICAS",
    "OOM",
    "TRYAGAIN",
];

fn too_old() -> EngineError {
    EngineError::refused("it does not speak RESP3: Redis 6 or newer is needed")
}

#[cfg(test)]
mod tests {
    use super::fault;
    use redis::{ErrorKind, RedisError, make_extension_error};
    use std::io;

    fn answer(code: &str, detail: &str) -> RedisError {
        make_extension_error(code.into(), Some(detail.into()))
    }

    #[test]
    fn errors_of_redis_are_refusals() {
        for code in [
            "NOAUTH",
            "WRONGPASS",
            "NOPERM",
            "DENIED",
            "NOPROTO",
            "ERR",
            "SOMETHING",
        ] {
            assert!(fault(answer(code, "no")).is_refused(), "{code}");
        }
        for kind in [
            ErrorKind::RESP3NotSupported,
            ErrorKind::Parse,
            ErrorKind::Client,
        ] {
            assert!(
                fault((kind, "what is HELLO?").into()).is_refused(),
                "{kind:?}"
            );
        }
    }

    #[test]
    fn a_server_that_is_busy_is_away() {
        for code in ["LOADING", "MASTERDOWN", "BUSY", "TRYAGAIN"] {
            assert!(!fault(answer(code, "later")).is_refused(), "{code}");
        }
        let full = answer("ERR", "max number of clients reached");
        assert!(!fault(full).is_refused());
    }

    #[test]
    fn a_broken_connection_is_away_unless_it_can_never_work() {
        for (kind, is_refused) in [
            (io::ErrorKind::ConnectionRefused, false),
            (io::ErrorKind::ConnectionReset, false),
            (io::ErrorKind::UnexpectedEof, false),
            (io::ErrorKind::NotFound, false),
            (io::ErrorKind::PermissionDenied, true),
            (io::ErrorKind::InvalidData, true),
        ] {
            let error = RedisError::from(io::Error::from(kind));
            assert_eq!(fault(error).is_refused(), is_refused, "{kind:?}");
        }
        let tls = io::Error::other("invalid peer certificate: UnknownIssuer");
        assert!(fault(tls.into()).is_refused());
    }
}
