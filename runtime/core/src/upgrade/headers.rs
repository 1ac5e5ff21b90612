//! Headers of the response that grants a socket.

use crate::sync::{Mutex, lock};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
    response::Response,
};
use std::{convert::Infallible, mem, sync::Arc};

/// Headers of the response that grants a socket, such as `Set-Cookie` or a request's id: an axum
/// extractor.
///
/// An endpoint of a spec gets it through `extract`, and sets headers in `open`. In a handler of your
/// own, [`on_upgrade`](crate::Upgrade::on_upgrade) returns the response itself. A refusal does not get
/// them.
///
/// ```
/// use autumn_ws::UpgradeHeaders;
/// use axum::http::{HeaderValue, header};
///
/// fn remember(headers: &UpgradeHeaders) {
///     let cookie = HeaderValue::from_static("seen=yes; HttpOnly; Secure");
///     headers.append(header::SET_COOKIE, cookie);
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct UpgradeHeaders(Arc<Mutex<HeaderMap>>);

impl UpgradeHeaders {
    /// Adds a header. Those of the handshake itself, and of the connection, are not for the
    /// application: they are logged and left out.
    pub fn append(&self, name: HeaderName, value: HeaderValue) {
        if is_reserved(&name) {
            tracing::error!(%name, "this header of a handshake cannot be set");
        } else {
            lock(&self.0).append(name, value);
        }
    }

    /// Those of one request, which everything that asks for them shares.
    pub(super) fn of(parts: &mut Parts) -> Self {
        parts.extensions.get_or_insert_default::<Self>().clone()
    }

    pub(super) fn add_to(&self, response: &mut Response) {
        let headers = mem::take(&mut *lock(&self.0));
        response.headers_mut().extend(headers);
    }
}

fn is_reserved(name: &HeaderName) -> bool {
    let connection = [
        header::CONNECTION,
        header::UPGRADE,
        header::CONTENT_LENGTH,
        header::TRANSFER_ENCODING,
        header::TE,
        header::TRAILER,
        HeaderName::from_static("keep-alive"),
        HeaderName::from_static("proxy-connection"),
    ];
    connection.contains(name) || name.as_str().starts_with("sec-websocket-")
}

impl<S: Sync> FromRequestParts<S> for UpgradeHeaders {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::UpgradeHeaders;
    use axum::{
        http::{HeaderName, HeaderValue},
        response::Response,
    };

    #[test]
    fn headers_of_the_connection_and_the_handshake_are_left_out() {
        let names = [
            "connection",
            "upgrade",
            "content-length",
            "transfer-encoding",
            "te",
            "trailer",
            "keep-alive",
            "proxy-connection",
            "sec-websocket-accept",
            "sec-websocket-protocol",
            "x-request-id",
        ];
        let headers = UpgradeHeaders::default();
        for name in names {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static("1"));
        }
        let mut response = Response::default();
        headers.add_to(&mut response);
        let left: Vec<&str> = response.headers().keys().map(HeaderName::as_str).collect();
        assert_eq!(left, ["x-request-id"]);
    }
}
