//! What opens a socket, written from the RFCs and independent of our code.

use super::{
    forwarded,
    rules::{self, Origins, Rules},
};
use autumn_ws::Proxy;
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, Method, StatusCode, Uri, Version, header},
    response::Response,
};
use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{GeneralPurpose, GeneralPurposeConfig},
};
use sha1::{Digest, Sha1};
use url::Url;

/// A request as the router received it, and its response.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) method: Method,
    version: Version,
    uri: Uri,
    asked: HeaderMap,
    /// `:protocol` of HTTP/2.
    protocol: Option<String>,
    status: StatusCode,
    answered: HeaderMap,
}

impl Exchange {
    pub(super) fn asked(request: &Request) -> Self {
        let protocol = request.extensions().get::<hyper::ext::Protocol>();
        Self {
            method: request.method().clone(),
            version: request.version(),
            uri: request.uri().clone(),
            asked: request.headers().clone(),
            protocol: protocol.map(|protocol| protocol.as_str().to_owned()),
            status: StatusCode::OK,
            answered: HeaderMap::new(),
        }
    }

    pub(super) fn answered(&mut self, response: &Response) {
        self.status = response.status();
        self.answered = response.headers().clone();
    }

    /// Whether the request has a body.
    fn has_body(&self) -> bool {
        let lengths = self.all(&header::CONTENT_LENGTH);
        self.asked.contains_key(header::TRANSFER_ENCODING)
            || lengths.iter().any(|length| *length != b"0")
    }

    /// Whether it opened a socket.
    pub(super) fn is_open(&self) -> bool {
        match self.version {
            Version::HTTP_2 => self.method == Method::CONNECT && self.status == StatusCode::OK,
            _ => self.status == StatusCode::SWITCHING_PROTOCOLS,
        }
    }

    pub(super) fn rules(&self) -> Rules {
        rules::of(self.uri.path()).unwrap_or_else(|| panic!("not a socket: {self:?}"))
    }

    /// Panics if this request may not get this response.
    pub(super) fn check(&self, proxy: Option<Proxy>) {
        assert!(!self.status.is_server_error(), "{self:?}");
        if self.is_open() {
            self.check_handshake();
            assert!(self.is_page_allowed(proxy), "a foreign page: {self:?}");
            self.check_subprotocol();
        } else if self.status == StatusCode::FORBIDDEN {
            assert!(
                self.asked.contains_key(header::ORIGIN),
                "not a page: {self:?}"
            );
        }
    }

    /// RFC 6455, 4.2.1; RFC 8441, 4.
    fn check_handshake(&self) {
        assert_eq!(
            self.all(&header::SEC_WEBSOCKET_VERSION),
            [b"13"],
            "{self:?}"
        );
        if self.version == Version::HTTP_2 {
            assert_eq!(self.protocol.as_deref(), Some("websocket"), "{self:?}");
            return;
        }
        assert_eq!(
            (&self.method, self.version),
            (&Method::GET, Version::HTTP_11),
            "{self:?}"
        );
        assert!(self.has_token(&header::UPGRADE, "websocket"), "{self:?}");
        assert!(self.has_token(&header::CONNECTION, "upgrade"), "{self:?}");
        assert!(!self.has_body(), "{self:?}");
        let keys = self.all(&header::SEC_WEBSOCKET_KEY);
        let [key] = keys[..] else {
            panic!("not one key: {self:?}")
        };
        assert_eq!(
            base64().decode(key).map(|key| key.len()),
            Ok(16),
            "{self:?}"
        );
        let accepted = self
            .answered
            .get(header::SEC_WEBSOCKET_ACCEPT)
            .map(|value| value.as_bytes());
        assert_eq!(accepted, Some(accept(key).as_bytes()), "{self:?}");
    }

    /// The first of the endpoint's subprotocols that the client offers, or none.
    fn check_subprotocol(&self) {
        let offered: Vec<&[u8]> = self
            .all(&header::SEC_WEBSOCKET_PROTOCOL)
            .into_iter()
            .flat_map(|value| value.split(|byte| *byte == b','))
            .map(<[u8]>::trim_ascii)
            .collect();
        let mut ours = self.rules().subprotocols.iter();
        let best = ours.find(|ours| offered.contains(&ours.as_bytes()));
        let chosen = self
            .answered
            .get(header::SEC_WEBSOCKET_PROTOCOL)
            .map(|value| value.as_bytes());
        assert_eq!(chosen, best.map(|best| best.as_bytes()), "{self:?}");
    }

    fn is_page_allowed(&self, proxy: Option<Proxy>) -> bool {
        let pages = self.all(&header::ORIGIN);
        match (self.rules().origins, &pages[..]) {
            (Origins::Any, _) | (_, []) => true,
            (Origins::Same, [page]) => self.host(proxy).is_some_and(|host| is_same(page, &host)),
            (Origins::Only(allowed), [page]) => {
                let page = str::from_utf8(page)
                    .ok()
                    .and_then(|page| Url::parse(page).ok());
                let is_page = |allowed: &&str| {
                    let allowed = Url::parse(allowed).expect("an origin").origin();
                    page.as_ref().is_some_and(|page| page.origin() == allowed)
                };
                allowed.iter().any(is_page)
            }
            (_, _) => false,
        }
    }

    /// The requested authority (RFC 9112, 3.3; RFC 9113, 8.3.1), or the one that the trusted proxy
    /// reports.
    fn host(&self, proxy: Option<Proxy>) -> Option<String> {
        if let Some(host) = proxy.and_then(|proxy| forwarded::host(proxy, &self.asked)) {
            return Some(host);
        }
        if let Some(authority) = self.uri.authority() {
            return Some(authority.to_string());
        }
        match self.all(&header::HOST)[..] {
            [host] => String::from_utf8(host.to_vec()).ok(),
            _ => None,
        }
    }

    fn has_token(&self, name: &HeaderName, token: &str) -> bool {
        self.all(name)
            .into_iter()
            .flat_map(|value| value.split(|byte| *byte == b','))
            .any(|value| value.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
    }

    fn all(&self, name: &HeaderName) -> Vec<&[u8]> {
        self.asked
            .get_all(name)
            .iter()
            .map(|value| value.as_bytes())
            .collect()
    }
}

/// Whether a page was served from a host, by the same scheme. Only a proxy knows the scheme.
fn is_same(page: &[u8], host: &str) -> bool {
    let Ok(page) = str::from_utf8(page) else {
        return false;
    };
    let Some((scheme, authority)) = page.split_once("://") else {
        return false;
    };
    match (Url::parse(page), Url::parse(&format!("{scheme}://{host}"))) {
        (Ok(page), Ok(host)) => page.origin() == host.origin() && page.origin().is_tuple(),
        // Neither is an address that a browser can open, so no page comes from there.
        (Err(_), Err(_)) => authority.eq_ignore_ascii_case(host),
        _ => false,
    }
}

/// The unused bits of the last digit have no meaning.
fn base64() -> GeneralPurpose {
    let config = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
    GeneralPurpose::new(&STANDARD, config)
}

/// RFC 6455, 4.2.2.
fn accept(key: &[u8]) -> String {
    let digest = Sha1::new()
        .chain_update(key)
        .chain_update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
        .finalize();
    base64().encode(digest)
}

#[cfg(test)]
mod tests {
    use super::{accept, is_same};

    #[test]
    fn the_example_of_the_rfc() {
        assert_eq!(
            accept(b"dGhlIHNhbXBsZSBub25jZQ=="),
            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        );
    }

    #[test]
    fn origins() {
        assert!(is_same(b"https://example.com", "Example.com:443"));
        assert!(is_same(b"http://[::1]:3000", "[0::1]:3000"));
        assert!(!is_same(b"https://example.com", "example.com:80"));
        assert!(!is_same(b"https://example.com@evil.example", "example.com"));
        assert!(!is_same(b"null", "null"));
    }
}
