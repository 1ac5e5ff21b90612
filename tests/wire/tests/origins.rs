//! `origins`: whose pages may connect.

use crate::app::App;
use autumn_ws::Proxy;
use wire_tests::{AppState, ws};

/// The response to a page from `origin`.
async fn status(app: &App, path: &str, origin: &str) -> u16 {
    app.request(path)
        .origin(origin)
        .refused()
        .await
        .status()
        .as_u16()
}

/// Whether a page from `origin` gets a working socket.
async fn opens(app: &App, path: &str, origin: &str) -> bool {
    let mut client = app.request(path).origin(origin).open().await;
    client.ask("hello").await == "hello"
}

#[tokio::test]
async fn same_admits_pages_of_this_host() {
    let app = App::start().await;
    for path in ["/origins/unsaid", "/origins/same"] {
        assert!(opens(&app, path, &format!("http://{}", app.addr)).await);
        let port = app.addr.port() ^ 1;
        let strangers = [
            "https://example.com".to_owned(),
            "null".to_owned(),
            format!("http://127.0.0.1:{port}"),
            format!("http://localhost:{}", app.addr.port()),
        ];
        for stranger in strangers {
            assert_eq!(
                status(&app, path, &stranger).await,
                403,
                "{path} {stranger}"
            );
        }
    }
}

#[tokio::test]
async fn any_admits_every_page() {
    let app = App::start().await;
    for origin in ["https://example.com", "null", "http://localhost:1"] {
        assert!(opens(&app, "/origins/any", origin).await);
    }
}

#[tokio::test]
async fn a_list_admits_the_named_origins() {
    let app = App::start().await;
    let path = "/origins/listed";
    let friends = [
        "https://example.com",
        "https://EXAMPLE.com:443",
        "http://localhost:3000",
    ];
    for friend in friends {
        assert!(opens(&app, path, friend).await);
    }
    let own = format!("http://{}", app.addr);
    let strangers = [
        "http://example.com",
        "https://www.example.com",
        "https://example.com:444",
        "https://example.com.evil.example",
        "http://localhost",
        "null",
        // A list is exhaustive: this host is not on it.
        &own,
    ];
    for stranger in strangers {
        assert_eq!(status(&app, path, stranger).await, 403, "{stranger}");
    }
}

#[tokio::test]
async fn a_list_may_name_this_host_schemes_of_applications_and_one_label() {
    let app = App::start().await;
    let path = "/origins/several";
    let own = format!("http://{}", app.addr);
    for friend in ["https://a.example.com", "tauri://localhost", "null", &own] {
        assert!(opens(&app, path, friend).await, "{friend}");
    }
    for stranger in [
        "https://example.com",
        "https://a.b.example.com",
        "app://localhost",
    ] {
        assert_eq!(status(&app, path, stranger).await, 403, "{stranger}");
    }
}

#[tokio::test]
async fn the_application_allows_origins_and_hosts_at_run_time() {
    let origins = ["https://app.example", "https://*.example.com"];
    let state = AppState::new().0.allowing(&origins, &["127.0.0.1"]);
    let app = App::mount(|_| ws::router().with_state(state)).await;
    for friend in ["https://app.example", "https://a.example.com"] {
        for path in ["/origins/unsaid", "/origins/configured"] {
            assert!(opens(&app, path, friend).await, "{friend}");
        }
        assert_eq!(status(&app, "/origins/same", friend).await, 403);
        assert_eq!(status(&app, "/origins/listed", friend).await, 403);
    }
    let own = format!("http://{}", app.addr);
    assert!(opens(&app, "/origins/unsaid", &own).await);
    assert_eq!(status(&app, "/origins/configured", &own).await, 403);
    // As after DNS rebinding.
    let foreign = App::mount(|_| {
        let state = AppState::new().0.allowing(&[], &["chat.example"]);
        ws::router().with_state(state)
    });
    let foreign = foreign.await;
    let own = format!("http://{}", foreign.addr);
    assert_eq!(status(&foreign, "/origins/unsaid", &own).await, 421);
}

#[tokio::test]
async fn a_client_without_an_origin_is_admitted() {
    let app = App::start().await;
    for path in [
        "/origins/unsaid",
        "/origins/same",
        "/origins/any",
        "/origins/listed",
    ] {
        assert_eq!(
            app.connect(path).await.ask("hello").await,
            "hello",
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_foreign_page_is_refused_before_anything_is_extracted() {
    let mut app = App::start().await;
    assert_eq!(
        status(&app, "/origins/listed", "https://evil.example").await,
        403
    );
    app.state.note("refused");
    assert!(opens(&app, "/origins/listed", "https://example.com").await);
    assert_eq!(app.note().await, "refused");
    assert_eq!(app.note().await, "visitor");
}

/// The application behind a proxy that it trusts.
async fn behind(proxy: Proxy) -> App {
    App::mount(|_| ws::router().with_state(AppState::new().0.trusting(proxy))).await
}

/// The response under `origins: same` to a page that came through a proxy with these headers.
async fn through(app: &App, header: &'static str, said: &[&str], origin: &str) -> u16 {
    let mut request = app.request("/origins/same").origin(origin);
    for line in said {
        request = request.header(header, line);
    }
    match request.tried().await {
        Ok(mut client) => {
            assert_eq!(client.ask("hello").await, "hello");
            101
        }
        Err(refused) => refused.status().as_u16(),
    }
}

#[tokio::test]
async fn a_trusted_proxy_reports_the_host() {
    let app = behind(Proxy::XForwardedHost).await;
    let cases: [(&[&str], _, _); 10] = [
        (&["example.com"], "https://example.com", 101),
        (&["EXAMPLE.com:8443"], "https://example.com:8443", 101),
        (&["[2001:db8::1]:8443"], "https://[2001:DB8:0::1]:8443", 101),
        (&["evil.example, example.com"], "https://example.com", 101),
        (&["evil.example, example.com"], "https://evil.example", 403),
        (
            &["evil.example", "example.com"],
            "https://evil.example",
            403,
        ),
        (&["example.com"], "https://example.com.evil.example", 403),
        (&["example.com"], "https://example.com:8443", 403),
        (&["example.com"], "null", 403),
        (&["example.com,"], "https://example.com", 403),
    ];
    for (said, origin, status) in cases {
        let answered = through(&app, "x-forwarded-host", said, origin).await;
        assert_eq!(answered, status, "{origin} through {said:?}");
    }
    // Untrusted headers do not count, nor does the `Host` that the proxy set.
    let forwarded = ["host=example.com"];
    let page = "https://example.com";
    assert_eq!(through(&app, "forwarded", &forwarded, page).await, 403);
    let own = format!("http://{}", app.addr);
    let public = ["example.com"];
    assert_eq!(through(&app, "x-forwarded-host", &public, &own).await, 403);
    // A request that did not come through the proxy.
    assert_eq!(through(&app, "x-forwarded-host", &[], &own).await, 101);
}

#[tokio::test]
async fn a_trusted_proxy_reports_the_host_by_rfc_7239() {
    let app = behind(Proxy::Forwarded).await;
    let cases: [(&[&str], _, _); 10] = [
        (&["host=example.com"], "https://example.com", 101),
        (
            &[r#"for=192.0.2.1;host="example.com:8443";proto=https"#],
            "https://example.com:8443",
            101,
        ),
        (
            &[r#"Host="[2001:db8::1]";Proto=wss"#],
            "https://[2001:db8::1]",
            101,
        ),
        (&["host=example.com;proto=http"], "https://example.com", 403),
        (
            &["host=evil.example, host=example.com"],
            "https://example.com",
            101,
        ),
        (
            &["host=evil.example, host=example.com"],
            "https://evil.example",
            403,
        ),
        (
            &["host=evil.example", "host=example.com"],
            "https://evil.example",
            403,
        ),
        (
            &[r#"host=evil.example;for=""#, "host=example.com"],
            "https://evil.example",
            403,
        ),
        (&["host=example.com"], "https://example.com.", 403),
        (&["host=example.com:8443"], "https://example.com:8443", 403),
    ];
    for (said, origin, status) in cases {
        let answered = through(&app, "forwarded", said, origin).await;
        assert_eq!(answered, status, "{origin} through {said:?}");
    }
}

#[tokio::test]
async fn no_proxy_is_trusted_by_default() {
    let app = App::start().await;
    let page = "https://example.com";
    let hosts = ["example.com"];
    assert_eq!(through(&app, "x-forwarded-host", &hosts, page).await, 403);
    let elements = ["host=example.com;proto=https"];
    assert_eq!(through(&app, "forwarded", &elements, page).await, 403);
    let own = format!("http://{}", app.addr);
    assert_eq!(through(&app, "x-forwarded-host", &hosts, &own).await, 101);
}
