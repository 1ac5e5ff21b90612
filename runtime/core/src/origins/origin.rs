//! Origins as browsers write them.

use std::net::Ipv6Addr;

/// What a browser sends as the origin of a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// `null`: a page that is not to be recognised, as one in a sandboxed frame.
    Null,
    /// A page from somewhere, normalised (RFC 6454, 4).
    Page(Page),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) scheme: Scheme,
    pub(super) authority: Authority,
}

impl Origin {
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text == "null" {
            return Some(Self::Null);
        }
        let (scheme, authority) = text.split_once("://")?;
        let scheme = Scheme::parse(scheme)?;
        let authority = scheme.authority(authority)?;
        Some(Self::Page(Page { scheme, authority }))
    }

    /// Whether it is, or matches, an allowed one, in which the first label of the host may be `*`.
    pub(super) fn matches(&self, allowed: &str) -> bool {
        match (self, allowed.split_once("://*.")) {
            (_, None) => Self::parse(allowed).as_ref() == Some(self),
            (Self::Page(page), Some((scheme, parent))) => page.is_below(scheme, parent),
            (Self::Null, Some(_)) => false,
        }
    }

    /// Whether pages of this origin may be allowed at run time, and can exist. `null` may not: it would
    /// open all endpoints to every site. An endpoint has to name it.
    pub(super) fn is_entry(text: &str) -> bool {
        let Some((scheme, authority)) = text.split_once("://") else {
            return false;
        };
        let parent = authority.strip_prefix("*.");
        let page = Scheme::parse(scheme).and_then(|s| s.authority(parent.unwrap_or(authority)));
        page.is_some_and(|page| page.host.can_exist(parent.is_some()))
    }
}

impl Page {
    /// Whether its host is one label and `parent`, which may have a port.
    fn is_below(&self, scheme: &str, parent: &str) -> bool {
        let Some(parent) = self.scheme.authority(parent) else {
            return false;
        };
        Scheme::parse(scheme).as_ref() == Some(&self.scheme)
            && parent.port == self.authority.port
            && self.authority.host.is_below(&parent.host)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Http,
    Https,
    /// That of an application with web pages in it, such as `tauri`, or of a browser's extension. In
    /// lower case.
    Other(String),
}

impl Scheme {
    /// Reads a scheme (RFC 3986, 3.1).
    fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        match text.as_str() {
            "https" => Some(Self::Https),
            "http" => Some(Self::Http),
            _ if text.starts_with(|first: char| first.is_ascii_alphabetic())
                && text.bytes().all(is_plain) =>
            {
                Some(Self::Other(text))
            }
            _ => None,
        }
    }

    /// Reads the scheme of a request for a page or a socket, as that of a page.
    pub(super) fn parse_request(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "https" | "wss" => Some(Self::Https),
            "http" | "ws" => Some(Self::Http),
            _ => None,
        }
    }

    /// Reads `host[:port]`, with the port of this scheme if there is none.
    pub(super) fn authority(&self, text: &str) -> Option<Authority> {
        let default = match self {
            Self::Http => Some(80),
            Self::Https => Some(443),
            Self::Other(_) => None,
        };
        let (host, port) = split_port(text)?;
        let host = match self {
            // As in `file://`.
            Self::Other(_) if text.is_empty() => Host::Name(String::new()),
            _ => Host::parse(host)?,
        };
        let port = match port {
            Some(port) => Some(parse_port(port)?),
            None => default,
        };
        Some(Authority { host, port })
    }
}

/// Whether a host that was asked for, with or without its port, is the allowed one. The first label of
/// that may be `*`, and without a port it allows all.
pub(super) fn is_host(asked: &str, allowed: &str) -> bool {
    let matches = || {
        let (host, port) = split_port(asked)?;
        let (name, wanted) = split_port(allowed)?;
        let host = Host::parse(host)?;
        let is_host = match name.strip_prefix("*.") {
            Some(parent) => host.is_below(&Host::parse(parent)?),
            None => host == Host::parse(name)?,
        };
        let is_port = match (wanted.map(parse_port), port.map(parse_port)) {
            (None, None | Some(Some(_))) => true,
            (Some(wanted), Some(port)) => wanted.is_some() && wanted == port,
            // The port of its scheme, which is not known here.
            (Some(wanted), None) => matches!(wanted, Some(80 | 443)),
            (None, Some(None)) => false,
        };
        Some(is_host && is_port)
    };
    matches().unwrap_or(false)
}

/// Whether a host may stand in a list of allowed ones.
pub(super) fn is_host_entry(text: &str) -> bool {
    let parent = text.strip_prefix("*.");
    let parsed = split_port(parent.unwrap_or(text)).map(|(host, port)| {
        Host::parse(host).is_some_and(|host| host.can_exist(parent.is_some()))
            && port.is_none_or(|port| parse_port(port).is_some())
    });
    parsed.unwrap_or(false)
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Authority {
    host: Host,
    /// `None`: the scheme has no ports.
    port: Option<u16>,
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

    /// Whether there can be such a host, or one below it.
    fn can_exist(&self, is_parent: bool) -> bool {
        match self {
            Self::Name(name) if name.is_empty() => !is_parent,
            Self::Name(name) => !name.starts_with('.') && !name.contains(".."),
            Self::V6(_) => !is_parent,
        }
    }

    /// Whether it is one label more than `parent`.
    fn is_below(&self, parent: &Self) -> bool {
        let (Self::Name(name), Self::Name(parent)) = (self, parent) else {
            return false;
        };
        let label = name
            .strip_suffix(parent.as_str())
            .and_then(|start| start.strip_suffix('.'));
        label.is_some_and(|label| !label.is_empty() && !label.contains('.'))
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
