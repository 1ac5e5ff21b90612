//! The opening handshake: [RFC 6455, 4.2], over HTTP/2 [RFC 8441].
//!
//! [RFC 6455, 4.2]: https://www.rfc-editor.org/rfc/rfc6455#section-4.2
//! [RFC 8441]: https://www.rfc-editor.org/rfc/rfc8441

use super::deferred::Carrier;
use axum::{
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header, request::Parts,
    },
    response::{IntoResponse, Response},
};
use hyper::upgrade::OnUpgrade;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// The version of the protocol.
const VERSION: HeaderValue = HeaderValue::from_static("13");

/// A valid request for a socket.
#[derive(Debug)]
pub(crate) struct Handshake {
    /// The answer to the key, over HTTP/1.1. HTTP/2 has no key.
    accept: Option<String>,
    /// The subprotocol that was agreed on.
    protocol: Option<&'static str>,
    connection: OnUpgrade,
}

impl Handshake {
    /// Examines a request, and takes the connection out of it. The subprotocol is the first of
    /// `spoken` that the client offers.
    pub(crate) fn receive(
        parts: &mut Parts,
        spoken: &[&'static str],
    ) -> Result<Self, HandshakeError> {
        let accept = if parts.version <= Version::HTTP_11 {
            Some(examine_http1(parts)?)
        } else {
            examine_http2(parts)?;
            None
        };
        match only(&parts.headers, header::SEC_WEBSOCKET_VERSION)? {
            Some(version) if version == VERSION => {}
            Some(_) => return Err(HandshakeError::Version),
            None => {
                return Err(HandshakeError::Request(
                    "the header Sec-WebSocket-Version is missing",
                ));
            }
        }
        let offered = |name: &&&str| lists(&parts.headers, header::SEC_WEBSOCKET_PROTOCOL, name);
        let protocol = spoken.iter().find(offered).copied();
        let connection = parts
            .extensions
            .remove()
            .ok_or(HandshakeError::Connection)?;
        Ok(Self {
            accept,
            protocol,
            connection,
        })
    }

    pub(crate) const fn protocol(&self) -> Option<&'static str> {
        self.protocol
    }

    pub(crate) const fn carrier(&self) -> Carrier {
        match self.accept {
            Some(_) => Carrier::Http1,
            None => Carrier::Http2,
        }
    }

    /// The response, and the connection that becomes a socket when the response is sent.
    pub(crate) fn accept(self) -> (Response, OnUpgrade) {
        let mut response = match self.accept {
            Some(accept) => {
                let headers = [
                    (header::CONNECTION, HeaderValue::from_static("upgrade")),
                    (header::UPGRADE, HeaderValue::from_static("websocket")),
                ];
                let accept = [(header::SEC_WEBSOCKET_ACCEPT, accept)];
                (StatusCode::SWITCHING_PROTOCOLS, headers, accept).into_response()
            }
            None => StatusCode::OK.into_response(),
        };
        if let Some(protocol) = self.protocol.and_then(|name| name.parse().ok()) {
            let headers = response.headers_mut();
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
        }
        (response, self.connection)
    }
}

/// Examines a request over HTTP/1.1, and returns the answer to its key.
fn examine_http1(parts: &Parts) -> Result<String, HandshakeError> {
    let headers = &parts.headers;
    if parts.method != Method::GET {
        return Err(HandshakeError::Method("a WebSocket request must use GET"));
    }
    // RFC 9112, 3.2. Without exactly one, no origin can be compared with it.
    if only(headers, header::HOST)?.is_none() {
        return Err(HandshakeError::Request("the header Host is missing"));
    }
    if !lists_ignoring_case(headers, header::CONNECTION, "upgrade") {
        return Err(HandshakeError::Request(
            "the header Connection must contain upgrade",
        ));
    }
    if !lists_ignoring_case(headers, header::UPGRADE, "websocket") {
        return Err(HandshakeError::Request(
            "the header Upgrade must contain websocket",
        ));
    }
    // Proxies disagree about where the body of such a request ends, and a handshake has none.
    let length = headers.get(header::CONTENT_LENGTH);
    if headers.contains_key(header::TRANSFER_ENCODING) || length.is_some_and(|bytes| bytes != "0") {
        return Err(HandshakeError::Request("a handshake must not have a body"));
    }
    let Some(key) = only(headers, header::SEC_WEBSOCKET_KEY)? else {
        return Err(HandshakeError::Request(
            "the header Sec-WebSocket-Key is missing",
        ));
    };
    if !is_key(key.as_bytes()) {
        return Err(HandshakeError::Request(
            "Sec-WebSocket-Key must be 16 bytes in base64",
        ));
    }
    Ok(derive_accept_key(key.as_bytes()))
}

fn examine_http2(parts: &Parts) -> Result<(), HandshakeError> {
    if parts.method != Method::CONNECT {
        return Err(HandshakeError::Method(
            "over HTTP/2, a WebSocket request must use CONNECT",
        ));
    }
    // Without the feature there is no HTTP/2.
    #[cfg(feature = "http2")]
    if parts
        .extensions
        .get::<hyper::ext::Protocol>()
        .is_none_or(|protocol| protocol.as_str() != "websocket")
    {
        return Err(HandshakeError::Request(
            "the pseudo-header :protocol must be websocket",
        ));
    }
    Ok(())
}

/// What is wrong with a request for a socket.
#[derive(Clone, Copy, Debug)]
pub(crate) enum HandshakeError {
    /// It has the wrong method.
    Method(&'static str),
    /// Another part of it is wrong.
    Request(&'static str),
    /// It asks for another version of the protocol.
    Version,
    /// The connection cannot become a socket: a layer has taken it.
    Connection,
}

impl IntoResponse for HandshakeError {
    fn into_response(self) -> Response {
        match self {
            Self::Method(text) => (StatusCode::METHOD_NOT_ALLOWED, text).into_response(),
            Self::Request(text) => (StatusCode::BAD_REQUEST, text).into_response(),
            Self::Version => {
                // RFC 6455, 4.4: the response names the version.
                let headers = [(header::SEC_WEBSOCKET_VERSION, VERSION)];
                let text = "this server speaks version 13 of the WebSocket protocol";
                (StatusCode::UPGRADE_REQUIRED, headers, text).into_response()
            }
            Self::Connection => {
                let text = "this connection cannot become a WebSocket";
                (StatusCode::UPGRADE_REQUIRED, text).into_response()
            }
        }
    }
}

/// The value of a header that may not be repeated.
fn only(headers: &HeaderMap, name: HeaderName) -> Result<Option<&HeaderValue>, HandshakeError> {
    let mut values = headers.get_all(name).into_iter();
    let first = values.next();
    match values.next() {
        None => Ok(first),
        Some(_) => Err(HandshakeError::Request("duplicate header in the handshake")),
    }
}

/// Whether a list, which may be spread over several headers (RFC 9110, 5.3), has an element.
fn lists(headers: &HeaderMap, name: HeaderName, wanted: &str) -> bool {
    elements(headers, name).any(|element| element == wanted.as_bytes())
}

fn lists_ignoring_case(headers: &HeaderMap, name: HeaderName, wanted: &str) -> bool {
    elements(headers, name).any(|element| element.eq_ignore_ascii_case(wanted.as_bytes()))
}

fn elements(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &[u8]> {
    let values = headers.get_all(name).into_iter();
    let elements = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    elements.map(<[u8]>::trim_ascii)
}

/// Whether a key is 16 bytes in base64: 22 digits and the padding.
fn is_key(key: &[u8]) -> bool {
    const DIGITS: usize = 22;
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    key.strip_suffix(b"==")
        .is_some_and(|digits| digits.len() == DIGITS && digits.iter().all(is_digit))
}
