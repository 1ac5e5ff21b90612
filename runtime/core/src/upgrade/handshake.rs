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

/// The version of the protocol that is spoken.
const VERSION: HeaderValue = HeaderValue::from_static("13");

/// A request that asks for a socket as it should.
#[derive(Debug)]
pub(crate) struct Handshake {
    /// The answer to the key of HTTP/1.1. HTTP/2 has none.
    accept: Option<String>,
    /// The subprotocol that was agreed on.
    protocol: Option<&'static str>,
    connection: OnUpgrade,
}

impl Handshake {
    /// Examines a request, and takes the connection out of it. The subprotocol is the first of
    /// those that are spoken which is offered too.
    pub(crate) fn receive(parts: &mut Parts, spoken: &[&'static str]) -> Result<Self, Fault> {
        let accept = if parts.version <= Version::HTTP_11 {
            Some(examine_http1(parts)?)
        } else {
            examine_http2(parts)?;
            None
        };
        match only(&parts.headers, header::SEC_WEBSOCKET_VERSION)? {
            Some(version) if version == VERSION => {}
            Some(_) => return Err(Fault::Version),
            None => {
                return Err(Fault::Request(
                    "the header Sec-WebSocket-Version is missing",
                ));
            }
        }
        let offered = |name: &&&str| lists(&parts.headers, header::SEC_WEBSOCKET_PROTOCOL, name);
        let protocol = spoken.iter().find(offered).copied();
        let connection = parts.extensions.remove().ok_or(Fault::Connection)?;
        Ok(Self {
            accept,
            protocol,
            connection,
        })
    }

    pub(crate) const fn protocol(&self) -> Option<&'static str> {
        self.protocol
    }

    /// The answer, and the connection that is a socket once it has left.
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

/// The answer to the key of a request over HTTP/1.1.
fn examine_http1(parts: &Parts) -> Result<String, Fault> {
    let headers = &parts.headers;
    if parts.method != Method::GET {
        return Err(Fault::Method("a WebSocket is asked for with GET"));
    }
    // RFC 9112, 3.2. Without it, or with two, nobody knows which origin is the same.
    if only(headers, header::HOST)?.is_none() {
        return Err(Fault::Request("the header Host is missing"));
    }
    if !lists_ignoring_case(headers, header::CONNECTION, "upgrade") {
        return Err(Fault::Request("the header Connection does not say upgrade"));
    }
    if !lists_ignoring_case(headers, header::UPGRADE, "websocket") {
        return Err(Fault::Request("the header Upgrade does not say websocket"));
    }
    // What it ends with is read differently by different proxies, and the protocol has none.
    let length = headers.get(header::CONTENT_LENGTH);
    if headers.contains_key(header::TRANSFER_ENCODING) || length.is_some_and(|bytes| bytes != "0") {
        return Err(Fault::Request("a handshake has no body"));
    }
    let Some(key) = only(headers, header::SEC_WEBSOCKET_KEY)? else {
        return Err(Fault::Request("the header Sec-WebSocket-Key is missing"));
    };
    if !is_key(key.as_bytes()) {
        return Err(Fault::Request(
            "Sec-WebSocket-Key must be 16 bytes in base64",
        ));
    }
    Ok(derive_accept_key(key.as_bytes()))
}

fn examine_http2(parts: &Parts) -> Result<(), Fault> {
    if parts.method != Method::CONNECT {
        return Err(Fault::Method(
            "over HTTP/2 a WebSocket is asked for with CONNECT",
        ));
    }
    // Without the feature there is no HTTP/2 either.
    #[cfg(feature = "http2")]
    if parts
        .extensions
        .get::<hyper::ext::Protocol>()
        .is_none_or(|protocol| protocol.as_str() != "websocket")
    {
        return Err(Fault::Request(
            "the pseudo-header :protocol is not websocket",
        ));
    }
    Ok(())
}

/// What is wrong with a handshake.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// Another method is needed.
    Method(&'static str),
    /// The request is wrong otherwise.
    Request(&'static str),
    /// Another version of the protocol is asked for.
    Version,
    /// The connection cannot become a socket: something between hyper and here keeps it.
    Connection,
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        match self {
            Self::Method(text) => (StatusCode::METHOD_NOT_ALLOWED, text).into_response(),
            Self::Request(text) => (StatusCode::BAD_REQUEST, text).into_response(),
            Self::Version => {
                // RFC 6455, 4.4: the answer says which one is spoken.
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
fn only(headers: &HeaderMap, name: HeaderName) -> Result<Option<&HeaderValue>, Fault> {
    let mut values = headers.get_all(name).into_iter();
    let first = values.next();
    match values.next() {
        None => Ok(first),
        Some(_) => Err(Fault::Request("a header of the handshake is there twice")),
    }
}

/// Whether a list, which may be spread over several headers (RFC 9110, 5.3), has this element.
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

/// Whether these are 22 digits of base64, which stand for 16 bytes, and their padding.
fn is_key(key: &[u8]) -> bool {
    const DIGITS: usize = 22;
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    key.strip_suffix(b"==")
        .is_some_and(|digits| digits.len() == DIGITS && digits.iter().all(is_digit))
}
