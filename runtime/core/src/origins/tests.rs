//! Pages that may open a socket, and pages that may not.

mod allowed;

use super::{Allowed, Origins};
use crate::Proxy;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};

fn headers(lines: &[(HeaderName, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        // As bytes, because a client may send anything.
        headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    headers
}

fn allows(origins: Origins, uri: &'static str, host: &[&str], origin: &[&str]) -> bool {
    let host = host.iter().map(|value| (header::HOST, *value));
    let origin = origin.iter().map(|value| (header::ORIGIN, *value));
    let lines: Vec<_> = host.chain(origin).collect();
    origins.allow(
        &Uri::from_static(uri),
        &headers(&lines),
        None,
        &Allowed::default(),
    )
}

const INTERNAL: &str = "internal:3000";

/// Whether a page may open a socket of its own server behind a proxy that rewrites `Host`.
fn allows_behind(proxy: Proxy, forwarded: &[&str], origin: &str) -> bool {
    let mut lines = vec![(header::HOST, INTERNAL), (header::ORIGIN, origin)];
    lines.extend(forwarded.iter().map(|value| (proxy.header(), *value)));
    Origins::Same.allow(
        &Uri::from_static("/"),
        &headers(&lines),
        Some(proxy),
        &Allowed::default(),
    )
}

/// Hosts and origins, and whether they are the same.
const PAIRS: &[(&str, &str, bool)] = &[
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
    ("example.com", "https://example.com.", false),
    ("example.com.", "https://example.com", false),
    ("example.com", "https://example.comevil.example", false),
    ("example.com", "https://user:pass@example.com", false),
    ("user@example.com", "https://example.com", false),
    ("example.com", "https://\u{ff45}xample.com", false),
    ("example.com", "https://example\u{3002}com", false),
    ("xn--exmple-cua.com", "https://ex\u{e4}mple.com", false),
    ("xn--exmple-cua.com", "https://xn--exmple-cua.com", true),
    ("127.0.0.1", "http://127.1", false),
    ("127.0.0.1", "http://2130706433", false),
    ("[::ffff:127.0.0.1]", "http://127.0.0.1", false),
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

#[test]
fn same() {
    for (host, origin, expected) in PAIRS {
        let allowed = allows(Origins::Same, "/", &[host], &[origin]);
        assert_eq!(allowed, *expected, "{origin} on {host}");
    }
}

#[test]
fn the_same_holds_behind_a_proxy() {
    for (host, origin, expected) in PAIRS {
        let x_forwarded = allows_behind(Proxy::XForwardedHost, &[host], origin);
        assert_eq!(x_forwarded, *expected, "{origin} on {host}");
        let forwarded = format!("for=_a;host=\"{host}\"");
        let forwarded = allows_behind(Proxy::Forwarded, &[&forwarded], origin);
        assert_eq!(forwarded, *expected, "{origin} on {host}");
    }
}

/// Every origin that is one character away from another one.
fn neighbours(origin: &str) -> Vec<String> {
    let characters = || (' '..='~').chain(['\t', '\u{a0}', '\u{e9}', '\u{ff0e}', '\u{200d}']);
    let mut neighbours = Vec::new();
    for at in 0..=origin.len() {
        let (before, after) = origin.split_at(at);
        let mut rest = after.chars();
        let replaced = rest.next().is_some();
        for c in characters() {
            neighbours.push(format!("{before}{c}{after}"));
            if replaced {
                neighbours.push(format!("{before}{c}{}", rest.as_str()));
            }
        }
        if replaced {
            neighbours.push(format!("{before}{}", rest.as_str()));
        }
    }
    neighbours
}

#[test]
fn an_origin_that_differs_in_one_character_is_foreign() {
    for host in ["example.com:8443", "[2001:db8::1]:8443", "a.example:443"] {
        let page = format!("https://{host}");
        // The only other ways to write the same origin: letters of another case, zeros before the
        // port, and the other scheme if the port is written.
        let is_same = |other: &str| {
            let (start, port) = other.rsplit_once(':').unwrap_or_default();
            let port = port.trim_start_matches('0');
            let other = format!("{start}:{port}");
            [&page, &page.replace("https", "http")]
                .into_iter()
                .any(|page| page.eq_ignore_ascii_case(&other))
        };
        for other in neighbours(&page) {
            let expected = is_same(&other) || is_same_address(&page, &other);
            let direct = allows(Origins::Same, "/", &[host], &[&other]);
            assert_eq!(direct, expected, "{other:?} on {host}");
            let proxied = allows_behind(Proxy::XForwardedHost, &[host], &other);
            assert_eq!(proxied, expected, "{other:?} on {host}");
        }
    }
}

/// Whether both have the same IPv6 address and the same port.
fn is_same_address(page: &str, other: &str) -> bool {
    let parse = |origin: &str| {
        let address = origin.to_ascii_lowercase();
        let address = address.strip_prefix("https://")?.to_owned();
        address.parse::<std::net::SocketAddrV6>().ok()
    };
    parse(page).is_some_and(|address| parse(other) == Some(address))
}

#[test]
fn a_header_is_not_read_unless_it_is_trusted() {
    let lines = [
        (header::HOST, "example.com"),
        (header::ORIGIN, "https://evil.example"),
        (Proxy::XForwardedHost.header(), "evil.example"),
        (Proxy::Forwarded.header(), "host=evil.example;proto=https"),
    ];
    let headers = headers(&lines);
    let uri = Uri::from_static("/");
    assert!(!Origins::Same.allow(&uri, &headers, None, &Allowed::default()));
    assert!(Origins::Same.allow(
        &uri,
        &headers,
        Some(Proxy::XForwardedHost),
        &Allowed::default()
    ));
    assert!(Origins::Same.allow(&uri, &headers, Some(Proxy::Forwarded), &Allowed::default()));
}

#[test]
fn only_the_last_element_counts() {
    let page = "https://example.com";
    let evil = "https://evil.example";
    let behind = |lines: &[&str], origin| allows_behind(Proxy::XForwardedHost, lines, origin);
    assert!(behind(&["evil.example, example.com"], page));
    assert!(!behind(&["evil.example, example.com"], evil));
    assert!(!behind(&["evil.example", "example.com"], evil));
    assert!(!behind(&["evil.example", "example.com,"], evil));
    let behind = |lines: &[&str], origin| allows_behind(Proxy::Forwarded, lines, origin);
    assert!(behind(&["host=evil.example, host=example.com"], page));
    assert!(!behind(&["host=evil.example, host=example.com"], evil));
    assert!(!behind(&["host=evil.example", "host=example.com"], evil));
    assert!(!behind(&["host=evil.example", "for=_b"], evil));
    assert!(!behind(
        &["host=evil.example;for=\"", "host=example.com"],
        evil
    ));
    assert!(!behind(&["host=evil.example;host=example.com"], evil));
}

#[test]
fn without_a_reported_host_the_requests_host_counts() {
    let own = format!("http://{INTERNAL}");
    for (proxy, lines) in [
        (Proxy::XForwardedHost, [].as_slice()),
        (Proxy::Forwarded, &[]),
        (Proxy::Forwarded, &["for=192.0.2.1;proto=http"]),
    ] {
        assert!(allows_behind(proxy, lines, &own));
        assert!(!allows_behind(proxy, lines, "http://evil.example"));
    }
    // HTTP/2 has its host elsewhere.
    let uri = Uri::from_static("https://example.com/socket");
    let page = headers(&[(header::ORIGIN, "https://example.com")]);
    assert!(Origins::Same.allow(&uri, &page, Some(Proxy::Forwarded), &Allowed::default()));
}

#[test]
fn a_reported_scheme_must_match() {
    let behind = |proto, origin| {
        let forwarded = format!("host=example.com;proto={proto}");
        allows_behind(Proxy::Forwarded, &[&forwarded], origin)
    };
    for proto in ["https", "wss", "HTTPS"] {
        assert!(behind(proto, "https://example.com"), "{proto}");
        assert!(!behind(proto, "http://example.com"), "{proto}");
    }
    assert!(behind("http", "http://example.com"));
    assert!(!behind("ws", "https://example.com"));
}

#[test]
fn a_malformed_header_refuses_every_page() {
    let own = format!("http://{INTERNAL}");
    for malformed in [
        "",
        "example.com,",
        "a b",
        "user@example.com",
        "https://example.com",
    ] {
        for page in ["https://example.com", "https://", &own] {
            let refused = !allows_behind(Proxy::XForwardedHost, &[malformed], page);
            assert!(refused, "{page} on {malformed:?}");
        }
    }
    for malformed in ["", "host=", "host=\"internal:3000", "host=a;host=a"] {
        assert!(
            !allows_behind(Proxy::Forwarded, &[malformed], &own),
            "{malformed:?}"
        );
    }
    // Clients that are not browsers are not affected.
    let lines = [(Proxy::Forwarded.header(), "?")];
    let uri = Uri::from_static("/");
    assert!(Origins::Same.allow(
        &uri,
        &headers(&lines),
        Some(Proxy::Forwarded),
        &Allowed::default()
    ));
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
fn a_missing_or_repeated_header_is_refused() {
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
    let malformed = Origins::Only(&["*", "https://", "https://*", "https://*.", "//x", "x"]);
    for page in ["null", "https://x", "https://", "https://*", "https://a."] {
        assert!(!allows(malformed, "/", &["y"], &[page]), "{page}");
    }
    assert!(!allows(Origins::Only(&[]), "/", &["x"], &["https://x"]));
}
