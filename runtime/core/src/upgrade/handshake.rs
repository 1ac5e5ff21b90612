//! The opening handshake: [RFC 6455, 4.2], over HTTP/2 [RFC 8441].
//!
//! [RFC 6455, 4.2]: https://www.rfc-editor.org/rfc/rfc6455#section-4.2
//! [RFC 8441]: https://www.rfc-editor.org/rfc/rfc8441

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
#[derive(Clone, Debug)]
pub(crate) struct Handshake {
    /// The answer to the key, over HTTP/1.1. HTTP/2 has no key.
    accept: Option<String>,
    /// The subprotocol that was agreed on.
    protocol: Option<&'static str>,
    connection: OnUpgrade,
}

/// What carries the socket.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Carrier {
    /// The whole connection.
    Http1,
    /// A stream of it.
    Http2,
}

impl Carrier {
    /// Whether a response with this status grants a socket.
    pub(super) fn is_granted_by(self, status: StatusCode) -> bool {
        match self {
            Self::Http1 => status == StatusCode::SWITCHING_PROTOCOLS,
            Self::Http2 => status.is_success(),
        }
    }
}

impl Handshake {
    /// Examines a request, and takes the connection out of it. The subprotocol is the first of
    /// `spoken` that the client offers.
    pub(crate) fn receive(
        parts: &mut Parts,
        spoken: &'static [&'static str],
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

    /// Fails if the client offers none of the subprotocols.
    pub(crate) const fn require_subprotocol(
        &self,
        spoken: &'static [&'static str],
    ) -> Result<(), HandshakeError> {
        if self.protocol.is_none() && !spoken.is_empty() {
            return Err(HandshakeError::Subprotocol(spoken));
        }
        Ok(())
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

/// Whether a request asks for a socket, rightly or not. All others are for pages.
pub(crate) fn is_handshake(version: Version, method: &Method, headers: &HeaderMap) -> bool {
    if version > Version::HTTP_11 {
        return *method == Method::CONNECT;
    }
    // A proxy may have dropped the header Upgrade. Browsers send the key with nothing else.
    lists_ignoring_case(headers, header::UPGRADE, "websocket")
        || headers.contains_key(header::SEC_WEBSOCKET_KEY)
}

/// Examines a request over HTTP/1.1, and returns the answer to its key.
fn examine_http1(parts: &Parts) -> Result<String, HandshakeError> {
    let headers = &parts.headers;
    if parts.method != Method::GET {
        return Err(HandshakeError::Method(Method::GET));
    }
    // RFC 9110, 7.8.
    if parts.version < Version::HTTP_11 {
        return Err(HandshakeError::Http10);
    }
    // RFC 9112, 3.2. Without exactly one, no origin can be compared with it.
    if only(headers, header::HOST)?.is_none() {
        return Err(HandshakeError::Request("the header Host is missing"));
    }
    if !is_handshake(parts.version, &parts.method, headers) {
        return Err(HandshakeError::Request(
            "this is a WebSocket endpoint: open it with a WebSocket client, such as `new WebSocket(url)` in a page",
        ));
    }
    if !lists_ignoring_case(headers, header::CONNECTION, "upgrade") {
        return Err(HandshakeError::Request(
            "the header Connection must contain upgrade; a proxy in front of this server must pass it on",
        ));
    }
    // hyper hands out the connection after the last response, even if that refuses the socket.
    if lists_ignoring_case(headers, header::CONNECTION, "close") {
        return Err(HandshakeError::Request(
            "the header Connection must not contain close",
        ));
    }
    if !lists_ignoring_case(headers, header::UPGRADE, "websocket") {
        return Err(HandshakeError::Request(
            "the header Upgrade must contain websocket; a proxy in front of this server must pass it on",
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
        return Err(HandshakeError::Method(Method::CONNECT));
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
#[derive(Clone, Debug)]
pub(crate) enum HandshakeError {
    /// It has another method than this one.
    Method(Method),
    /// Another part of it is wrong.
    Request(&'static str),
    /// It asks for another version of the protocol.
    Version,
    /// Its version of HTTP has no upgrades.
    Http10,
    /// The connection cannot become a socket: a layer has taken it.
    Connection,
    /// It offers none of these subprotocols, of which one is required.
    Subprotocol(&'static [&'static str]),
}

impl IntoResponse for HandshakeError {
    fn into_response(self) -> Response {
        let text = self.text();
        match self {
            Self::Method(method) => {
                let allow = [(header::ALLOW, method.as_str())];
                (StatusCode::METHOD_NOT_ALLOWED, allow, text).into_response()
            }
            Self::Request(_) => (StatusCode::BAD_REQUEST, text).into_response(),
            Self::Subprotocol(spoken) => {
                let text = format!("{text}: {}", spoken.join(", "));
                (StatusCode::BAD_REQUEST, text).into_response()
            }
            Self::Version | Self::Http10 | Self::Connection => {
                // RFC 9110, 15.5.22; RFC 6455, 4.4.
                let headers = [
                    (header::CONNECTION, HeaderValue::from_static("upgrade")),
                    (header::UPGRADE, HeaderValue::from_static("websocket")),
                    (header::SEC_WEBSOCKET_VERSION, VERSION),
                ];
                (StatusCode::UPGRADE_REQUIRED, headers, text).into_response()
            }
        }
    }
}

impl HandshakeError {
    pub(crate) const fn text(&self) -> &'static str {
        match self {
            Self::Method(Method::CONNECT) => "over HTTP/2, a WebSocket request must use CONNECT",
            Self::Method(_) => "a WebSocket request must use GET",
            Self::Request(text) => text,
            Self::Version => "this server speaks version 13 of the WebSocket protocol",
            Self::Http10 => {
                "this request came over HTTP/1.0, which has no upgrades; \
                a proxy in front of this server must use HTTP/1.1 and pass on Upgrade and Connection, in nginx with:\n\
                proxy_http_version 1.1;\n\
                proxy_set_header Upgrade $http_upgrade;\n\
                proxy_set_header Connection \"upgrade\";\n"
            }
            Self::Connection => "this connection cannot become a WebSocket",
            Self::Subprotocol(_) => "Sec-WebSocket-Protocol must offer one of these subprotocols",
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
