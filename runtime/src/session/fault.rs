//! What a read error means.

use crate::{CloseCode, close_code};
use std::{error::Error, io, iter::successors};
use tokio_tungstenite::tungstenite::{self, error::ProtocolError};

/// The close code and reason for a client that broke the protocol (RFC 6455, 7.4.1). `None`: the
/// connection is lost, and there is nobody to tell.
pub(super) fn fault(error: &axum::Error) -> Option<(CloseCode, &'static str)> {
    match error.source()?.downcast_ref::<tungstenite::Error>() {
        Some(error) => known(error),
        // axum has moved on to another version of its WebSocket library.
        None => (!is_io(error)).then_some((close_code::PROTOCOL, "protocol error")),
    }
}

fn known(error: &tungstenite::Error) -> Option<(CloseCode, &'static str)> {
    use tungstenite::Error::{Capacity, Protocol, Utf8};
    match error {
        Utf8(_) => Some((close_code::INVALID, "invalid UTF-8")),
        Capacity(_) => Some((close_code::SIZE, "message too big")),
        Protocol(
            ProtocolError::ResetWithoutClosingHandshake
            | ProtocolError::ReceivedAfterClosing
            | ProtocolError::SendAfterClosing,
        ) => None,
        Protocol(_) => Some((close_code::PROTOCOL, "protocol error")),
        _ => None,
    }
}

fn is_io(error: &axum::Error) -> bool {
    successors(error.source(), |error| (*error).source()).any(<dyn Error>::is::<io::Error>)
}

#[cfg(test)]
mod tests {
    use super::fault;
    use std::{fmt, io};
    use tokio_tungstenite::tungstenite::{self, error::ProtocolError};

    fn code(error: impl Into<axum::BoxError>) -> Option<u16> {
        fault(&axum::Error::new(error)).map(|(code, _)| code)
    }

    #[test]
    fn what_the_client_did_wrong() {
        let utf8 = tungstenite::Error::Utf8(String::new());
        let size = tungstenite::error::CapacityError::TooManyHeaders;
        let reset = ProtocolError::ResetWithoutClosingHandshake;
        assert_eq!(code(utf8), Some(1007));
        assert_eq!(code(tungstenite::Error::Capacity(size)), Some(1009));
        assert_eq!(
            code(tungstenite::Error::from(ProtocolError::NonZeroReservedBits)),
            Some(1002)
        );
        assert_eq!(code(tungstenite::Error::from(reset)), None);
        assert_eq!(
            code(tungstenite::Error::Io(io::ErrorKind::BrokenPipe.into())),
            None
        );
    }

    #[test]
    fn errors_of_another_library() {
        #[derive(Debug)]
        struct Unknown(Option<io::Error>);

        impl fmt::Display for Unknown {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("unknown")
            }
        }

        impl std::error::Error for Unknown {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                self.0.as_ref().map(|error| error as _)
            }
        }

        assert_eq!(code(Unknown(None)), Some(1002));
        assert_eq!(code(Unknown(Some(io::ErrorKind::BrokenPipe.into()))), None);
    }
}
