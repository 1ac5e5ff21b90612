//! What lists of origins and hosts allow.

use super::{INTERNAL, allows, headers};
use crate::{
    Proxy,
    origins::{Allowed, Origins, is_origin},
};
use axum::http::{HeaderName, Uri, header};

#[test]
fn pages_of_applications_and_of_browser_extensions() {
    const ALLOWED: Origins = Origins::Only(&[
        "tauri://localhost",
        "app://chat",
        "chrome-extension://abcdefghijklmnop",
        "capacitor://localhost:8080",
        "file://",
    ]);
    let cases = [
        ("tauri://localhost", true),
        ("TAURI://localhost", true),
        ("app://chat", true),
        ("chrome-extension://abcdefghijklmnop", true),
        ("capacitor://localhost:8080", true),
        ("file://", true),
        ("capacitor://localhost", false),
        ("tauri://localhost:80", false),
        ("tauri://localhost.evil.example", false),
        ("app://chats", false),
        ("apps://chat", false),
        ("https://localhost", false),
        ("chrome-extension://abcdefghijklmno", false),
        ("file://x", false),
        ("null", false),
    ];
    for (origin, expected) in cases {
        assert_eq!(
            allows(ALLOWED, "/", &["localhost"], &[origin]),
            expected,
            "{origin}"
        );
    }
}

#[test]
fn an_asterisk_is_one_label() {
    const ALLOWED: Origins = Origins::Only(&["https://*.example.com", "http://*.local:3000"]);
    let cases = [
        ("https://a.example.com", true),
        ("https://A.Example.COM:443", true),
        ("https://xn--exmple-cua.example.com", true),
        ("http://b.local:3000", true),
        ("https://example.com", false),
        ("https://.example.com", false),
        ("https://a.b.example.com", false),
        ("https://a.example.com.", false),
        ("https://aexample.com", false),
        ("https://a.example.com.evil.example", false),
        ("https://*.example.com", false),
        ("http://a.example.com", false),
        ("https://a.example.com:8443", false),
        ("http://b.local", false),
        ("tauri://a.example.com", false),
        ("null", false),
    ];
    for (origin, expected) in cases {
        assert_eq!(
            allows(ALLOWED, "/", &["example.com"], &[origin]),
            expected,
            "{origin}"
        );
    }
}

#[test]
fn a_page_without_an_origin_of_its_own() {
    let allowed = Origins::Only(&["null"]);
    assert!(allows(allowed, "/", &["x"], &["null"]));
    for origin in ["Null", "NULL", "nul", "null,null", "https://null"] {
        assert!(!allows(allowed, "/", &["x"], &[origin]), "{origin}");
    }
    assert!(!allows(Origins::Same, "/", &["null"], &["null"]));
}

#[test]
fn the_same_host_beside_a_list() {
    let allowed = Origins::Only(&["same", "https://partner.example"]);
    assert!(allows(
        allowed,
        "/",
        &["chat.example"],
        &["https://chat.example"]
    ));
    assert!(allows(
        allowed,
        "/",
        &["chat.example"],
        &["https://partner.example"]
    ));
    assert!(!allows(
        allowed,
        "/",
        &["chat.example"],
        &["https://evil.example"]
    ));
}

#[test]
fn what_the_application_allows_counts_where_it_is_asked_for() {
    let mut configured = Allowed::default();
    configured.allow_origins(vec!["https://*.example.com".into()]);
    configured.allow_origins(vec!["tauri://localhost".into(), "https://a/".into()]);
    let allows = |origins: Origins, origin| {
        let lines = [(header::HOST, "api.example"), (header::ORIGIN, origin)];
        origins.allow(&Uri::from_static("/"), &headers(&lines), None, &configured)
    };
    for origin in ["https://a.example.com", "tauri://localhost"] {
        assert!(allows(Origins::OWN, origin));
        assert!(allows(Origins::Only(&["configured"]), origin));
        assert!(!allows(Origins::Same, origin));
        assert!(!allows(
            Origins::Only(&["same", "https://b.example.com"]),
            origin
        ));
    }
    assert!(allows(Origins::OWN, "http://api.example"));
    assert!(!allows(Origins::OWN, "https://a"));
    assert!(!allows(Origins::OWN, "null"));
}

#[test]
fn what_opens_every_endpoint_or_matches_nothing_is_not_allowed_at_run_time() {
    for entry in [
        "null",
        "*",
        "https://",
        "https://*",
        "https://*.",
        "https://*.:443",
        "tauri://*.",
        "https://*..example.com",
        "https://.example.com",
        "https://a..example.com",
        "https://*.[::1]",
        "https://*.*.example.com",
        "https://b\u{fc}cher.example",
    ] {
        assert!(!is_origin(entry), "{entry}");
    }
    for entry in [
        "file://",
        "https://*.com",
        "http://[::1]:80",
        "app://x",
        "https://a.b.",
    ] {
        assert!(is_origin(entry), "{entry}");
    }
    let mut configured = Allowed::default();
    configured.allow_origins(vec!["null".into()]);
    let from_frame = headers(&[(header::HOST, "api.example"), (header::ORIGIN, "null")]);
    assert!(!Origins::OWN.allow(&Uri::from_static("/"), &from_frame, None, &configured));
}

#[test]
fn only_allowed_hosts_are_answered_for() {
    let mut configured = Allowed::default();
    let host = |host| headers(&[(header::HOST, host)]);
    let uri = Uri::from_static("/");
    assert!(configured.allows_host(&uri, &host("evil.example"), None));
    let allowed = [
        "localhost",
        "[::1]",
        "chat.example:8443",
        "*.example.com",
        "web.example:443",
        "bad host",
    ];
    configured.allow_hosts(allowed.map(str::to_owned).to_vec());
    let cases = [
        ("localhost", true),
        ("LocalHost:3000", true),
        ("[::1]:3000", true),
        ("[0:0:0:0:0:0:0:1]", true),
        ("chat.example:8443", true),
        ("a.example.com:3000", true),
        ("web.example", true),
        ("web.example:443", true),
        ("chat.example", false),
        ("chat.example:3000", false),
        ("web.example:80", false),
        ("example.com", false),
        ("a.b.example.com", false),
        ("127.0.0.1", false),
        ("localhost.evil.example", false),
        ("localhost:x", false),
        ("localhost@evil.example", false),
        ("[::2]", false),
        ("", false),
        ("bad host", false),
    ];
    for (asked, expected) in cases {
        assert_eq!(
            configured.allows_host(&uri, &host(asked), None),
            expected,
            "{asked}"
        );
    }
    assert!(!configured.allows_host(&uri, &headers(&[]), None));
    let http2 = Uri::from_static("https://localhost/socket");
    assert!(configured.allows_host(&http2, &headers(&[]), None));
}

#[test]
fn behind_a_proxy_the_host_that_it_reports_counts() {
    let mut configured = Allowed::default();
    configured.allow_hosts(vec!["chat.example".into()]);
    let allows = |lines: &[(HeaderName, &str)]| {
        configured.allows_host(
            &Uri::from_static("/"),
            &headers(lines),
            Some(Proxy::XForwardedHost),
        )
    };
    let forwarded = Proxy::XForwardedHost.header();
    assert!(allows(&[
        (header::HOST, INTERNAL),
        (forwarded.clone(), "chat.example")
    ]));
    assert!(!allows(&[
        (header::HOST, "chat.example"),
        (forwarded.clone(), "evil.example")
    ]));
    assert!(!allows(&[(header::HOST, "chat.example"), (forwarded, "")]));
    assert!(allows(&[(header::HOST, "chat.example")]));
}
