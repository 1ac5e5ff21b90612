//! What goes wrong with Redis.

use crate::EngineError;
use redis::{ErrorKind, RedisError};

/// What went wrong, and whether it is worth to try again.
pub(super) fn fault(error: RedisError) -> EngineError {
    match error.kind() {
        ErrorKind::AuthenticationFailed | ErrorKind::InvalidClientConfig | ErrorKind::Client => {
            EngineError::refused(error)
        }
        ErrorKind::RESP3NotSupported => {
            EngineError::refused("it is too old: Redis 6 or newer is needed")
        }
        ErrorKind::Parse => EngineError::away(format_args!("that is no Redis: {error}")),
        _ => match error.code() {
            Some("NOAUTH") => EngineError::refused(
                "Redis wants a password: redis://:PASSWORD@HOST, or redis://USER:PASSWORD@HOST",
            ),
            Some("WRONGPASS" | "NOPERM" | "DENIED") => EngineError::refused(error),
            _ if error.to_string().contains("DB index is out of range") => {
                EngineError::refused("there is no database of that number")
            }
            _ if EngineError::is_about_certificates(&error.to_string()) => {
                EngineError::refused(error)
            }
            _ => EngineError::away(error),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::fault;
    use redis::{ErrorKind, RedisError, make_extension_error};
    use std::io;

    #[test]
    fn a_wrong_login_is_refused() {
        for code in ["NOAUTH", "WRONGPASS", "NOPERM", "DENIED"] {
            let error = make_extension_error(code.into(), None);
            assert!(fault(error).is_refused(), "{code}");
        }
        let old = (ErrorKind::RESP3NotSupported, "what is HELLO?");
        assert!(fault(old.into()).is_refused());
        let tls = io::Error::new(
            io::ErrorKind::InvalidData,
            "invalid peer certificate: UnknownIssuer",
        );
        assert!(fault(tls.into()).is_refused());
    }

    #[test]
    fn a_server_that_is_not_ready_is_away() {
        for code in ["LOADING", "MASTERDOWN", "ERR"] {
            let error = make_extension_error(code.into(), None);
            assert!(!fault(error).is_refused(), "{code}");
        }
        let refused = RedisError::from(io::Error::from(io::ErrorKind::ConnectionRefused));
        assert!(!fault(refused).is_refused());
    }
}
