//! `origins`: whose pages may connect.

use crate::support::App;

/// What a page from `origin` is answered.
async fn status(app: &App, path: &str, origin: &str) -> u16 {
    app.request(path)
        .origin(origin)
        .refused()
        .await
        .status()
        .as_u16()
}

/// Whether a page from `origin` gets a socket that works.
async fn opens(app: &App, path: &str, origin: &str) -> bool {
    let mut client = app.request(path).origin(origin).open().await;
    client.ask("hello").await == "hello"
}

#[tokio::test]
async fn same_lets_in_pages_of_this_host() {
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
async fn any_lets_in_every_page() {
    let app = App::start().await;
    for origin in ["https://example.com", "null", "http://localhost:1"] {
        assert!(opens(&app, "/origins/any", origin).await);
    }
}

#[tokio::test]
async fn a_list_lets_in_whom_it_names() {
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
        // A list is complete: this host is not on it.
        &own,
    ];
    for stranger in strangers {
        assert_eq!(status(&app, path, stranger).await, 403, "{stranger}");
    }
}

#[tokio::test]
async fn who_is_no_browser_is_let_through() {
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
async fn a_stranger_is_refused_before_anything_is_extracted() {
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
