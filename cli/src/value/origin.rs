//! Origins (RFC 6454).

use super::{Described, Form, Mistake, Notation, Scalar};
use crate::diagnostic::code;

/// An origin as browsers write it, such as `https://example.com`, or what stands for several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(pub String);

impl Origin {
    /// The origin of pages that hide where they are from.
    pub const NULL: &'static str = "null";
}

impl Described for Origin {
    const FORM: Form = Form::Notation(&Notation {
        name: "origin",
        doc: "An origin as browsers write it: a scheme, a host, and a port unless it is the scheme's own. The first label of \
            the host may be `*`. `\"null\"` is the origin of pages that hide theirs.",
        pattern: Some(r"^([A-Za-z][A-Za-z0-9+.-]*://(\*\.)?[A-Za-z0-9._:\[\]-]*|null)$"),
        numbers: &[],
        examples: &[
            "https://example.com",
            "http://localhost:3000",
            "https://*.example.com",
            "tauri://localhost",
        ],
    });
}

impl Scalar for Origin {
    /// Reads an origin: scheme and host in lower case, without the scheme's default port.
    fn parse(text: &str) -> Result<Self, Mistake> {
        let mistake = |label: &str| {
            Err(Mistake::new(
                code::BAD_ORIGIN,
                format!("`{text}` is not an origin"),
                label,
            )
            .help("write it as browsers do: `https://example.com` or `http://localhost:3000`"))
        };
        let lower = text.to_ascii_lowercase();
        if lower == Self::NULL {
            return Ok(Self(lower));
        }
        let Some((scheme, authority)) = lower.split_once("://") else {
            return mistake("needs a scheme: `https://` or `http://`");
        };
        if !is_scheme(scheme) {
            return mistake("no page has this scheme");
        }
        if authority.contains(['/', '?', '#', '@']) {
            return mistake("an origin has no path and no user");
        }
        let parent = authority.strip_prefix("*.");
        if parent.unwrap_or(authority).contains('*') {
            return mistake(
                "only the first label of a host may be `*`, as in `https://*.example.com`",
            );
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !authority.ends_with(']') => match port.parse::<u16>() {
                Ok(port) if port > 0 => (host, Some(port)),
                _ => return mistake("the port must be a number from 1 to 65535"),
            },
            _ => (authority, None),
        };
        // `file://` has none.
        let needs_host = matches!(scheme, "http" | "https") || parent.is_some() || port.is_some();
        if !is_host(host.strip_prefix("*.").unwrap_or(host)) && (needs_host || !host.is_empty()) {
            return mistake("the host must be a name or an address, in ASCII");
        }
        Ok(Self(match (scheme, port) {
            (_, None) | ("https", Some(443)) | ("http", Some(80)) => format!("{scheme}://{host}"),
            (_, Some(port)) => format!("{scheme}://{host}:{port}"),
        }))
    }
}

/// Whether pages may have this scheme (RFC 3986, 3.1).
fn is_scheme(scheme: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(is_plain)
        && !matches!(scheme, "ws" | "wss" | "ftp")
}

fn is_host(host: &str) -> bool {
    match host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
    {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty()
                && host
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
        }
    }
}
