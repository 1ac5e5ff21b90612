//! Close frames that may be sent (RFC 6455, 5.5.1 and 7.4).

use crate::{CloseCode, CloseFrame, Utf8Bytes, close_code};

/// The most bytes of a reason: a control frame carries 125, and the code takes two.
const REASON: usize = 123;

/// Makes a close frame that a server may send: a code that may not be sent becomes 1011, a reason
/// that does not fit is cut at a character.
pub(crate) fn frame(code: CloseCode, reason: Utf8Bytes) -> CloseFrame {
    CloseFrame {
        code: sendable(code),
        reason: fitting(reason),
    }
}

/// Makes a close frame that a client may send.
#[cfg(feature = "testing")]
pub(crate) fn client_frame(code: CloseCode, reason: Utf8Bytes) -> CloseFrame {
    if code == close_code::EXTENSION {
        let reason = fitting(reason);
        return CloseFrame { code, reason };
    }
    frame(code, reason)
}

fn sendable(code: CloseCode) -> CloseCode {
    match code {
        // Only a client may send 1010.
        1000..=1003 | 1007..=1009 | 1011..=1014 | 3000..=4999 => code,
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
    let (kept, _) = reason.split_at(reason.floor_char_boundary(REASON));
    Utf8Bytes::from(kept)
}

#[cfg(test)]
mod tests {
    use super::frame;

    #[test]
    fn codes_that_may_not_be_sent_become_1011() {
        for code in [
            0,
            999,
            1004,
            1005,
            1006,
            1010,
            1015,
            1016,
            2999,
            5000,
            u16::MAX,
        ] {
            assert_eq!(frame(code, "".into()).code, 1011, "{code}");
        }
        for code in [1000, 1001, 1003, 1007, 1009, 1011, 1013, 1014, 3000, 4999] {
            assert_eq!(frame(code, "".into()).code, code);
        }
    }

    #[test]
    fn a_long_reason_is_cut_at_a_character() {
        let cut = |reason: &str| frame(1000, reason.into()).reason;
        let exact = "x".repeat(123);
        assert_eq!(cut(&exact).as_str(), exact);
        assert_eq!(cut(&"x".repeat(124)).len(), 123);
        assert_eq!(cut(&"é".repeat(62)).as_str(), "é".repeat(61));
        assert_eq!(cut(&"🦀".repeat(31)).as_str(), "🦀".repeat(30));
    }
}
