//! Origins (RFC 6454).

use super::{Described, Form, Mistake, Notation, Scalar};
use crate::diagnostic::code;

/// An origin as browsers write it: `https://example.com`, `http://localhost:3000`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(pub String);

impl Described for Origin {
    const FORM: Form = Form::Notation(&Notation {
        name: "origin",
        doc: "An origin as browsers write it: `http` or `https`, a host, and a port unless it is the scheme's own.",
        pattern: Some(r"^[Hh][Tt][Tt][Pp][Ss]?://[A-Za-z0-9._:\[\]-]+$"),
        numbers: &[],
        examples: &["https://example.com", "http://localhost:3000"],
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
        let Some((scheme, authority)) = lower.split_once("://") else {
            return mistake("needs a scheme: `https://` or `http://`");
        };
        let default_port = match scheme {
            "https" => 443,
            "http" => 80,
            _ => return mistake("the scheme must be `https` or `http`"),
        };
        if authority.contains(['/', '?', '#', '@', '*']) {
            return mistake("an origin has no path, no user and no wildcard");
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !authority.ends_with(']') => match port.parse::<u16>() {
                Ok(port) if port > 0 => (host, Some(port)),
                _ => return mistake("the port must be a number from 1 to 65535"),
            },
            _ => (authority, None),
        };
        if !is_host(host) {
            return mistake("the host must be a name or an address, in ASCII");
        }
        Ok(Self(match port {
            Some(port) if port != default_port => format!("{scheme}://{host}:{port}"),
            _ => format!("{scheme}://{host}"),
        }))
    }
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
