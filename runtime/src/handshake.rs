//! What axum leaves unchecked of the opening handshake ([RFC 6455, 4.2.1]).
//!
//! [RFC 6455, 4.2.1]: https://www.rfc-editor.org/rfc/rfc6455#section-4.2.1

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// What is wrong with a handshake.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// Another version of the protocol is asked for.
    Version,
    /// The key is not 16 bytes in base64.
    Key,
    /// A header that may stand only once stands twice.
    Repeated,
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let text = match self {
            Self::Version => {
                // RFC 6455, 4.4: the answer says which one is spoken.
                let spoken = HeaderValue::from_static("13");
                let headers = [(header::SEC_WEBSOCKET_VERSION, spoken)];
                let text = "this server speaks version 13 of the WebSocket protocol";
                return (StatusCode::UPGRADE_REQUIRED, headers, text).into_response();
            }
            Self::Key => "Sec-WebSocket-Key must be 16 bytes in base64",
            Self::Repeated => "a header of the handshake is there twice",
        };
        (StatusCode::BAD_REQUEST, text).into_response()
    }
}

/// Refuses what may not be answered with 101. Headers that are missing are axum's to refuse.
pub(crate) fn check(headers: &HeaderMap) -> Result<(), Fault> {
    let version = only(headers, header::SEC_WEBSOCKET_VERSION)?;
    if version.is_some_and(|version| version != "13") {
        return Err(Fault::Version);
    }
    let key = only(headers, header::SEC_WEBSOCKET_KEY)?;
    if key.is_some_and(|key| !is_key(key.as_bytes())) {
        return Err(Fault::Key);
    }
    Ok(())
}

/// The value of a header that may not be repeated.
fn only(headers: &HeaderMap, name: HeaderName) -> Result<Option<&HeaderValue>, Fault> {
    let mut values = headers.get_all(name).into_iter();
    let first = values.next();
    match values.next() {
        None => Ok(first),
        Some(_) => Err(Fault::Repeated),
    }
}

/// Whether these are 22 digits of base64, which stand for 16 bytes, and their padding.
fn is_key(key: &[u8]) -> bool {
    const DIGITS: usize = 22;
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    key.strip_suffix(b"==")
        .is_some_and(|digits| digits.len() == DIGITS && digits.iter().all(is_digit))
}
