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
