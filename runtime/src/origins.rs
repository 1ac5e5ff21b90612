//! Which web pages may open a socket.

use axum::http::{HeaderMap, Uri, header};
use std::net::Ipv6Addr;

/// The web pages that may open a socket.
///
/// A browser lets every page open a socket to every server, with the user's cookies, and names
/// the page in the `Origin` header ([RFC 6455, 10.2]). A page that is not allowed gets
/// `403 Forbidden`. A request without `Origin` does not come from a page and is let through.
///
/// [RFC 6455, 10.2]: https://www.rfc-editor.org/rfc/rfc6455#section-10.2
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origins {
    /// Pages that were served from the same host and port as the socket.
    ///
    /// The origin is compared with the `Host` header (HTTP/1.1) or `:authority` (HTTP/2). Its
    /// scheme is not, because TLS may end at a proxy: a port that is not written out is 443 for
    /// an `https` page and 80 for an `http` page, on both sides.
    #[default]
    Same,
    /// All pages.
    Any,
    /// Pages from these origins, each as `scheme://host` or `scheme://host:port`. The scheme
    /// counts. An entry of another form allows nothing.
    Only(&'static [&'static str]),
}

impl Origins {
    /// Whether a request may open the socket.
    pub(crate) fn allow(self, uri: &Uri, headers: &HeaderMap) -> bool {
        if self == Self::Any || !headers.contains_key(header::ORIGIN) {
            return true;
        }
        let Some(origin) = only_value(headers, header::ORIGIN).and_then(Origin::parse) else {
            return false;
        };
        match self {
            Self::Any => true,
            Self::Same => host(uri, headers)
                .and_then(|host| origin.scheme.authority(host))
                .is_some_and(|authority| authority == origin.authority),
            Self::Only(allowed) => allowed
                .iter()
                .any(|allowed| Origin::parse(allowed).as_ref() == Some(&origin)),
        }
    }
}

/// The origin of a page, normalised (RFC 6454, 4).
#[derive(Debug, PartialEq, Eq)]
struct Origin {
    scheme: Scheme,
    authority: Authority,
}

impl Origin {
    fn parse(text: &str) -> Option<Self> {
        let (scheme, authority) = text.split_once("://")?;
        let scheme = Scheme::parse(scheme)?;
        let authority = scheme.authority(authority)?;
        Some(Self { scheme, authority })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

impl Scheme {
    fn parse(text: &str) -> Option<Self> {
        match text {
            _ if text.eq_ignore_ascii_case("https") => Some(Self::Https),
            _ if text.eq_ignore_ascii_case("http") => Some(Self::Http),
            _ => None,
        }
    }

    /// Reads `host[:port]`, with the port of this scheme where none is written.
    fn authority(self, text: &str) -> Option<Authority> {
        let default = match self {
            Self::Http => 80,
            Self::Https => 443,
        };
        let (host, port) = split_port(text)?;
        Some(Authority {
            host: Host::parse(host)?,
            port: port.map_or(Some(default), parse_port)?,
        })
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Authority {
    host: Host,
    port: u16,
}

#[derive(Debug, PartialEq, Eq)]
enum Host {
    /// In lower case.
    Name(String),
    V6(Ipv6Addr),
}

impl Host {
    fn parse(text: &str) -> Option<Self> {
        if let Some(address) = text.strip_prefix('[') {
            return address.strip_suffix(']')?.parse().ok().map(Self::V6);
        }
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let name = !text.is_empty() && text.bytes().all(plain);
        name.then(|| Self::Name(text.to_ascii_lowercase()))
    }
}

/// Splits `host[:port]`. The colons inside the brackets of an IPv6 address are not the port's.
fn split_port(text: &str) -> Option<(&str, Option<&str>)> {
    let end = text.rfind(']').map_or(0, |bracket| bracket + 1);
    let Some(colon) = text.get(end..)?.find(':').map(|at| end + at) else {
        return Some((text, None));
    };
    Some((text.get(..colon)?, Some(text.get(colon + 1..)?)))
}

/// Reads a port. The standard library would also take a sign.
fn parse_port(text: &str) -> Option<u16> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// The host that the client asked for: `:authority` in HTTP/2, `Host` in HTTP/1.1.
fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    match uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => only_value(headers, header::HOST),
    }
}

/// The value of a header that may be given once only.
fn only_value(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::Origins;
    use axum::http::{HeaderMap, HeaderValue, Uri, header};

    fn allows(origins: Origins, uri: &'static str, host: &[&str], origin: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for value in host {
            headers.append(header::HOST, HeaderValue::from_str(value).unwrap());
        }
        for value in origin {
            // As bytes, because a client may send any.
            headers.append(
                header::ORIGIN,
                HeaderValue::from_bytes(value.as_bytes()).unwrap(),
            );
        }
        origins.allow(&Uri::from_static(uri), &headers)
    }

    #[test]
    fn same() {
        let cases = [
            ("example.com", "https://example.com", true),
            ("example.com", "http://example.com", true),
            ("Example.COM", "HTTPS://example.com", true),
            ("example.com:443", "https://example.com", true),
            ("example.com", "https://example.com:443", true),
            ("example.com:80", "http://example.com", true),
            ("localhost:3000", "http://localhost:3000", true),
            ("[::1]:3000", "http://[::1]:3000", true),
            ("[::1]", "http://[0:0:0:0:0:0:0:1]", true),
            // Ports.
            ("example.com:80", "https://example.com", false),
            ("example.com:443", "http://example.com", false),
            ("localhost:3000", "http://localhost:3001", false),
            ("localhost:3000", "http://localhost", false),
            ("[::1]:3000", "http://[::1]:3001", false),
            // Hosts that look alike.
            ("example.com", "https://example.com.evil.example", false),
            ("example.com", "https://evil-example.com", false),
            ("example.com", "https://sub.example.com", false),
            ("sub.example.com", "https://example.com", false),
            ("example.com", "https://example.com@evil.example", false),
            ("evil.example", "https://example.com@evil.example", false),
            ("[::1]", "http://[::2]", false),
            // No origins.
            ("example.com", "null", false),
            ("example.com", "", false),
            ("example.com", "example.com", false),
            ("example.com", "https://", false),
            ("example.com", "https:example.com", false),
            ("example.com", "https://example.com/", false),
            ("example.com", "https://example.com?", false),
            ("example.com", "https://example.com#", false),
            ("example.com", "https://example.com:", false),
            ("example.com", "https://example.com:+443", false),
            ("example.com", "https://example.com:65979", false),
            ("example.com", "https://example.com:443:443", false),
            (
                "example.com",
                "https://example.com https://example.com",
                false,
            ),
            ("example.com", "file://example.com", false),
            ("example.com", "ws://example.com", false),
            ("example.com", "https://exämple.com", false),
            ("[::1]", "http://::1", false),
            ("[::1]", "http://[::1", false),
            ("[::1]", "http://[::1]3000", false),
            ("[::1]x", "http://[::1]x", false),
            ("", "https://", false),
        ];
        for (host, origin, expected) in cases {
            let allowed = allows(Origins::Same, "/", &[host], &[origin]);
            assert_eq!(allowed, expected, "{origin} on {host}");
        }
    }

    #[test]
    fn same_over_http_2() {
        let uri = "https://example.com/socket";
        assert!(allows(Origins::Same, uri, &[], &["https://example.com"]));
        assert!(!allows(
            Origins::Same,
            uri,
            &["evil.example"],
            &["https://evil.example"]
        ));
    }

    #[test]
    fn a_header_that_is_missing_or_repeated() {
        let page = "https://example.com";
        assert!(allows(Origins::Same, "/", &[], &[]));
        assert!(!allows(Origins::Same, "/", &[], &[page]));
        assert!(!allows(Origins::Same, "/", &["example.com"], &[page, page]));
        assert!(!allows(
            Origins::Same,
            "/",
            &["example.com", "example.com"],
            &[page]
        ));
        assert!(!allows(
            Origins::Only(&["https://example.com"]),
            "/",
            &[],
            &[page, page]
        ));
    }

    #[test]
    fn any() {
        for origin in ["https://evil.example", "null", "\u{e9}"] {
            assert!(allows(Origins::Any, "/", &["example.com"], &[origin]));
        }
        assert!(allows(
            Origins::Any,
            "/",
            &[],
            &["https://one.example", "null"]
        ));
    }

    #[test]
    fn only() {
        const ALLOWED: Origins = Origins::Only(&["https://Example.com", "http://localhost:3000"]);
        let cases = [
            ("https://example.com", true),
            ("https://example.com:443", true),
            ("http://LOCALHOST:3000", true),
            ("http://example.com", false),
            ("http://example.com:443", false),
            ("https://localhost:3000", false),
            ("http://localhost", false),
            ("https://example.com.evil.example", false),
            ("null", false),
        ];
        for (origin, expected) in cases {
            assert_eq!(
                allows(ALLOWED, "/", &["api.example"], &[origin]),
                expected,
                "{origin}"
            );
        }
        assert!(allows(ALLOWED, "/", &["api.example"], &[]));
        assert!(!allows(
            Origins::Only(&["null", "*", "https://"]),
            "/",
            &["x"],
            &["null"]
        ));
        assert!(!allows(Origins::Only(&[]), "/", &["x"], &["https://x"]));
    }
}
