//! Which web pages may open a socket.

mod proxy;

pub use self::proxy::Proxy;

use self::proxy::Word;
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
    ///
    /// Behind a proxy that rewrites `Host`, the application has to say what tells the client's:
    /// see [`Proxy`].
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
    pub(crate) fn allow(self, uri: &Uri, headers: &HeaderMap, proxy: Option<Proxy>) -> bool {
        if self == Self::Any || !headers.contains_key(header::ORIGIN) {
            return true;
        }
        let Some(origin) = only_value(headers, header::ORIGIN).and_then(Origin::parse) else {
            return false;
        };
        match self {
            Self::Any => true,
            Self::Same => origin.is_served_at(uri, headers, proxy).unwrap_or(false),
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

    /// Whether it is where the client sent its request to. `None`: nobody knows where that is.
    fn is_served_at(&self, uri: &Uri, headers: &HeaderMap, proxy: Option<Proxy>) -> Option<bool> {
        let word = proxy.map_or_else(|| Some(Word::default()), |proxy| proxy.word(headers))?;
        let authority = match &word.host {
            Some(host) => self.scheme.authority(host),
            None => self.scheme.authority(host(uri, headers)?),
        };
        let is_scheme = word.scheme.is_none_or(|scheme| scheme == self.scheme);
        Some(is_scheme && authority? == self.authority)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
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

    /// As [`parse`](Scheme::parse), where a socket's scheme may stand for that of its page.
    pub(crate) fn parse_any(text: &str) -> Option<Self> {
        match text {
            _ if text.eq_ignore_ascii_case("wss") => Some(Self::Https),
            _ if text.eq_ignore_ascii_case("ws") => Some(Self::Http),
            _ => Self::parse(text),
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
pub(crate) fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
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
mod tests;
