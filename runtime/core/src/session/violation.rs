//! What to close with after a read error.

use crate::{CloseCode, close_code};
use tokio_tungstenite::tungstenite::{Error, error::ProtocolError};

/// The close code and reason for a client that broke the protocol (RFC 6455, 7.4.1). `None`: the
/// connection is lost.
pub(super) fn close_for(error: &Error) -> Option<(CloseCode, &'static str)> {
    use Error::{Capacity, Protocol, Utf8};
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

#[cfg(test)]
mod tests {
    use super::close_for;
    use std::io;
    use tokio_tungstenite::tungstenite::{
        Error,
        error::{CapacityError, ProtocolError},
    };

    #[test]
    fn each_violation_has_its_code() {
        let code = |error: Error| close_for(&error).map(|(code, _)| code);
        let size = CapacityError::TooManyHeaders;
        let bits = ProtocolError::NonZeroReservedBits;
        let reset = ProtocolError::ResetWithoutClosingHandshake;
        assert_eq!(code(Error::Utf8(String::new())), Some(1007));
        assert_eq!(code(Error::Capacity(size)), Some(1009));
        assert_eq!(code(Error::Protocol(bits)), Some(1002));
        assert_eq!(code(Error::Protocol(reset)), None);
        assert_eq!(code(Error::Io(io::ErrorKind::BrokenPipe.into())), None);
    }
}
