//! The host that a client asked for, and its address, as a proxy in front of the application reports
//! them.

use super::origin::Scheme;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A header of the proxy in front of the application that is trusted.
///
/// A proxy hides two things: the host that the client asked for, with which
/// [`Origins::Same`](crate::Origins::Same) compares the page's origin, if it puts another `Host` into
/// the requests that it forwards; and the client's address, which [`Session::peer`](crate::Session::peer)
/// returns and the log shows. Most proxies report both in headers, which count once
/// [`AppState::trusting`](crate::AppState::trusting) names them:
///
/// ```
/// use autumn_ws::{AppState, Proxy};
///
/// let state = AppState::new()
///     .trusting(Proxy::XForwardedHost)
///     .trusting(Proxy::XForwardedFor.within(["10.0.0.0/8".parse()?]));
/// # Ok::<(), autumn_ws::InvalidNetwork>(())
/// ```
///
/// Trust a header only if the proxy sets or extends it in every request. If the proxy forwards what
/// the client sent, or there is no proxy, every client can choose its value. If clients can reach the
/// application past the proxy, say [`within`](Proxy::within) which networks proxies are in. Without
/// `trusting`, no such header is read.
///
/// # What counts
///
/// * Each proxy appends an element, so the **last** one is from the proxy next to the application,
///   which is trusted. Anybody may have written the elements before it. With several proxies in a
///   row, say how many [`hops`](Proxy::hops) or which networks are trusted, and the one next to the
///   application must forward the host that the first one got.
/// * With a malformed host, or a malformed `Forwarded`, pages of every origin are refused.
/// * Without the header, or if its last element names no host, `Host` or `:authority` counts.
/// * The host is the one that the browser shows, with its port unless that is the scheme's default:
///   for nginx `$http_host`, since `$host` has no port.
/// * An element without a client's address (`unknown`, an obfuscated name, or anything malformed)
///   ends the search: the peer is the proxy that wrote it. An address without a port has the port 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proxy {
    /// The host: `X-Forwarded-Host: example.com:8443`
    XForwardedHost,
    /// The client's address: `X-Forwarded-For: 192.0.2.1, 10.0.0.7`
    XForwardedFor,
    /// Both: `Forwarded: for=192.0.2.1;host="example.com:8443";proto=https`
    /// ([RFC 7239](https://www.rfc-editor.org/rfc/rfc7239)), of which `for`, `host` and `proto` count.
    /// With `proto`, the page's scheme must match, too (`wss` means `https`, `ws` means `http`). A
    /// value with a colon must be quoted.
    Forwarded,
}

/// Where a client sent its request to, as the proxy next to the application reports it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct OriginalTarget {
    pub(super) host: Option<String>,
    pub(super) scheme: Option<Scheme>,
    /// The client from which the proxy got the request.
    client: Option<String>,
}

impl Proxy {
    /// The clients that the proxies report, from the nearest proxy to the farthest one. `None`: it
    /// does not say who.
    pub(super) fn clients(self, headers: &HeaderMap) -> Vec<Option<SocketAddr>> {
        let mut clients: Vec<_> = match self {
            Self::XForwardedHost => Vec::new(),
            Self::XForwardedFor => {
                // Each element by itself, so that no client can spoil what proxies append.
                let lines = headers.get_all(self.header()).iter();
                let elements = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
                let texts = elements.map(|element| std::str::from_utf8(element).ok());
                texts.map(|text| parse_node(trim(text?))).collect()
            }
            Self::Forwarded => {
                let elements = self.list(headers).and_then(|list| elements(&list));
                let elements = elements.unwrap_or_default().into_iter();
                elements
                    .map(|element| parse_node(&element?.client?))
                    .collect()
            }
        };
        clients.reverse();
        clients
    }

    /// Whether it reports clients.
    pub(super) const fn has_client(self) -> bool {
        !matches!(self, Self::XForwardedHost)
    }

    /// Whether it reports the host.
    pub(super) const fn has_host(self) -> bool {
        !matches!(self, Self::XForwardedFor)
    }

    /// What the proxy reports. `None`: the header is malformed.
    pub(super) fn original_target(self, headers: &HeaderMap) -> Option<OriginalTarget> {
        if !headers.contains_key(self.header()) {
            return Some(OriginalTarget::default());
        }
        let list = self.list(headers)?;
        match self {
            Self::XForwardedHost => last_host(&list),
            Self::XForwardedFor => Some(OriginalTarget::default()),
            // The last element counts, even if it is empty.
            Self::Forwarded => elements(&list)?.pop().flatten(),
        }
    }

    /// The header's value. Lines of one header are one list (RFC 9110, 5.3).
    fn list(self, headers: &HeaderMap) -> Option<String> {
        let lines = headers.get_all(self.header()).iter();
        let lines: Result<Vec<&str>, _> = lines.map(HeaderValue::to_str).collect();
        Some(lines.ok()?.join(","))
    }

    pub(crate) const fn header(self) -> HeaderName {
        match self {
            Self::XForwardedHost => HeaderName::from_static("x-forwarded-host"),
            Self::XForwardedFor => HeaderName::from_static("x-forwarded-for"),
            Self::Forwarded => header::FORWARDED,
        }
    }
}

fn last_host(list: &str) -> Option<OriginalTarget> {
    let host = list.rsplit(',').next().map(trim)?;
    (!host.is_empty()).then(|| OriginalTarget {
        host: Some(host.to_owned()),
        ..OriginalTarget::default()
    })
}

/// Reads the address of a client (RFC 7239, 6): an address, in brackets if it is IPv6 and has a port,
/// which may be hidden. `X-Forwarded-For` has no standard, so it may also be quoted, or IPv6 without
/// brackets.
fn parse_node(text: &str) -> Option<SocketAddr> {
    let quoted = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    let text = quoted.unwrap_or(text);
    let (address, port) = match text.parse::<IpAddr>() {
        Ok(address) => (address, None),
        Err(_) => parse_with_port(text)?,
    };
    let port = port.and_then(|port| port.parse().ok()).unwrap_or_default();
    Some(SocketAddr::new(address.to_canonical(), port))
}

fn parse_with_port(text: &str) -> Option<(IpAddr, Option<&str>)> {
    if let Some(text) = text.strip_prefix('[') {
        let (address, port) = text.split_once(']')?;
        let address: Ipv6Addr = address.parse().ok()?;
        let has_end = port.is_empty() || port.starts_with(':');
        return has_end.then(|| (address.into(), port.strip_prefix(':')));
    }
    let (address, port) = text.split_once(':')?;
    let address: Ipv4Addr = address.parse().ok()?;
    Some((address.into(), Some(port)))
}

/// White space inside a line of a header (RFC 9110, 5.6.3).
const SPACE: [char; 2] = [' ', '\t'];

fn trim(text: &str) -> &str {
    text.trim_matches(SPACE)
}

/// Reads the list to its end, since a quoted comma begins no element (RFC 7239, 4). `None`: it is
/// malformed.
fn elements(list: &str) -> Option<Vec<Option<OriginalTarget>>> {
    let mut elements = Vec::new();
    let mut rest = list;
    loop {
        let (target, beyond) = element(rest)?;
        elements.push(target);
        match beyond.strip_prefix(',') {
            Some(more) => rest = more,
            None => return beyond.is_empty().then_some(elements),
        }
    }
}

/// Reads `name=value;name=value`, in which each pair may be missing, and returns the rest of the
/// text, too. The outer `None`: it is malformed.
fn element(text: &str) -> Option<(Option<OriginalTarget>, &str)> {
    let mut target = None;
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(SPACE);
        if let Some((name, beyond)) = token(rest) {
            let (value, beyond) = value(beyond.strip_prefix('=')?)?;
            target
                .get_or_insert_with(OriginalTarget::default)
                .add(name, value)?;
            rest = beyond.trim_start_matches(SPACE);
        }
        match rest.strip_prefix(';') {
            Some(more) => rest = more,
            None => return Some((target, rest)),
        }
    }
}

impl OriginalTarget {
    /// `None`: it is malformed.
    fn add(&mut self, name: &str, value: String) -> Option<()> {
        let before = if name.eq_ignore_ascii_case("host") {
            self.host.replace(value).is_some()
        } else if name.eq_ignore_ascii_case("proto") {
            let scheme = Scheme::parse_request(&value)?;
            self.scheme.replace(scheme).is_some()
        } else if name.eq_ignore_ascii_case("for") {
            self.client.replace(value).is_some()
        } else {
            false
        };
        // Each may occur only once (RFC 7239, 4).
        (!before).then_some(())
    }
}

/// Reads a token (RFC 9110, 5.6.2).
fn token(text: &str) -> Option<(&str, &str)> {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let end = text.find(|c| !is_token(c)).unwrap_or(text.len());
    text.split_at_checked(end).filter(|_| end > 0)
}

/// Reads a token, or a quoted string (RFC 9110, 5.6.4).
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        return token(text).map(|(token, rest)| (token.to_owned(), rest));
    };
    let mut value = String::new();
    let mut chars = quoted.chars();
    loop {
        match chars.next()? {
            '"' => return Some((value, chars.as_str())),
            '\\' => value.push(chars.next()?),
            other => value.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Proxy;
    use axum::http::{HeaderMap, HeaderValue};

    /// The host and the scheme that are understood; each may be empty.
    fn target(proxy: Proxy, lines: &[&str]) -> Option<(String, String)> {
        let mut headers = HeaderMap::new();
        for line in lines {
            let line = HeaderValue::from_bytes(line.as_bytes()).unwrap();
            headers.append(proxy.header(), line);
        }
        let target = proxy.original_target(&headers)?;
        let scheme = target.scheme.map(|scheme| format!("{scheme:?}"));
        Some((target.host.unwrap_or_default(), scheme.unwrap_or_default()))
    }

    #[test]
    fn the_last_host_counts() {
        let cases: [(&[&str], _); 5] = [
            (&[], ""),
            (&["a.example"], "a.example"),
            (&["evil, a.example:8443"], "a.example:8443"),
            (&["evil", " b , a.example "], "a.example"),
            // Elements before the last one may be malformed.
            (&[",,?, a.example"], "a.example"),
        ];
        for (lines, host) in cases {
            let (understood, _) = target(Proxy::XForwardedHost, lines).unwrap();
            assert_eq!(understood, host, "{lines:?}");
        }
        let malformed: [&[&str]; 4] = [
            &[""],
            &["a.example,"],
            &["a.example", ""],
            &["a.example, \u{e9}"],
        ];
        for lines in malformed {
            assert_eq!(target(Proxy::XForwardedHost, lines), None, "{lines:?}");
        }
    }

    #[test]
    fn the_last_element_counts() {
        let cases: [(&[&str], _, _); 16] = [
            (&[], "", ""),
            (&["for=192.0.2.1"], "", ""),
            (&["host=a.example"], "a.example", ""),
            (&["HOST=a;Proto=HTTPS"], "a", "Https"),
            (&["host=a; proto=ws ; for=_b"], "a", "Http"),
            (&["proto=wss"], "", "Https"),
            (&[r#"host="[2001:db8::1]:8443""#], "[2001:db8::1]:8443", ""),
            (&[r#"host="a\.example""#], "a.example", ""),
            (&[";host=a;; proto=http;"], "a", "Http"),
            (&["host=evil,,host=a"], "a", ""),
            (&["host=evil, for=_b"], "", ""),
            (&["host=evil ,host=a"], "a", ""),
            (&["host=evil", "proto=http;host=a"], "a", "Http"),
            (&[r#"for="a,host=evil",host=a"#], "a", ""),
            (&[r#"for="a;host=evil";host=a"#], "a", ""),
            (&[r#"host=a;for=",host=evil""#], "a", ""),
        ];
        for (lines, host, scheme) in cases {
            let understood = target(Proxy::Forwarded, lines).unwrap();
            assert_eq!(understood, (host.into(), scheme.into()), "{lines:?}");
        }
    }

    #[test]
    fn a_malformed_header_is_not_read() {
        let malformed: [&[&str]; 21] = [
            &[""],
            &[","],
            &["host=a,"],
            &["host=a,;"],
            &["host"],
            &["host="],
            &["=a"],
            &["host = a"],
            &["host=a b"],
            &["host=a:8080"],
            &["host=[::1]"],
            &["host=a;host=a"],
            &["proto=https;proto=https"],
            &["for=192.0.2.1;for=192.0.2.2"],
            &["proto=gopher"],
            &["proto=http/1.1"],
            &[r#"host="a"#],
            &[r#"host="a"b"#],
            // A quote that the client left open does not hide what the proxy appends.
            &[r#"for=""#, "host=a"],
            &[r#"for=", for="[::1]";host=a"#],
            &["host=\u{e9}"],
        ];
        for lines in malformed {
            assert_eq!(target(Proxy::Forwarded, lines), None, "{lines:?}");
        }
    }
}
