//! Origins as browsers write them.

use std::net::Ipv6Addr;

/// The origin of a page, normalised (RFC 6454, 4).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) scheme: Scheme,
    pub(super) authority: Authority,
}

impl Origin {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (scheme, authority) = text.split_once("://")?;
        let scheme = Scheme::parse(scheme)?;
        let authority = scheme.authority(authority)?;
        Some(Self { scheme, authority })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
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

    /// As [`parse`](Scheme::parse), and takes a socket's scheme for that of its page.
    pub(super) fn parse_any(text: &str) -> Option<Self> {
        match text {
            _ if text.eq_ignore_ascii_case("wss") => Some(Self::Https),
            _ if text.eq_ignore_ascii_case("ws") => Some(Self::Http),
            _ => Self::parse(text),
        }
    }

    /// Reads `host[:port]`, with the port of this scheme if there is none.
    pub(super) fn authority(self, text: &str) -> Option<Authority> {
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
pub(super) struct Authority {
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

/// Splits `host[:port]`. The colons in the brackets of an IPv6 address do not begin a port.
fn split_port(text: &str) -> Option<(&str, Option<&str>)> {
    let end = text.rfind(']').map_or(0, |bracket| bracket + 1);
    let Some(colon) = text.get(end..)?.find(':').map(|at| end + at) else {
        return Some((text, None));
    };
    Some((text.get(..colon)?, Some(text.get(colon + 1..)?)))
}

/// Reads a port. The standard library would also accept a sign.
fn parse_port(text: &str) -> Option<u16> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
