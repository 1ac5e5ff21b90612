//! Close frames that may be sent (RFC 6455, 5.5.1 and 7.4).

use crate::{CloseCode, CloseFrame, Utf8Bytes, close_code};

/// A control frame carries 125 bytes, of which the code takes two.
const REASON: usize = 123;

/// Makes a close frame that a server may send: a code that may not be sent becomes 1011, a reason
/// that does not fit is cut at a character.
pub(crate) fn frame(code: CloseCode, reason: Utf8Bytes) -> CloseFrame {
    CloseFrame {
        code: sendable(code),
        reason: fitting(reason),
    }
}

fn sendable(code: CloseCode) -> CloseCode {
    match code {
        1000..=1003 | 1007..=1014 | 3000..=4999 => code,
        _ => {
            tracing::error!(
                code,
                "this close code may not be sent, 1011 is sent instead"
            );
            close_code::ERROR
        }
    }
}

fn fitting(reason: Utf8Bytes) -> Utf8Bytes {
    if reason.len() <= REASON {
        return reason;
    }
    let kept = (0..=REASON).rev().find_map(|end| reason.get(..end));
    Utf8Bytes::from(kept.unwrap_or_default())
}
