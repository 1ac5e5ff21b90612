//! `limits.connections_per`: how many connections a user and an address may have.

use crate::app::App;
use test_kit::Request;

/// A request of a user.
fn as_user(app: &App, path: &str, user: &str) -> Request {
    app.request(path).header("authorization", user)
}

#[tokio::test]
async fn a_user_with_too_many_connections_gets_429() {
    let app = App::start().await;
    let mut first = as_user(&app, "/places/each", "ann").open().await;
    let mut second = as_user(&app, "/places/each", "ann").open().await;
    let refused = as_user(&app, "/places/each", "ann").refused().await;
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "1");
    let mut other = as_user(&app, "/places/each", "bob").open().await;
    for client in [&mut first, &mut second, &mut other] {
        assert_eq!(client.ask("hello").await, "hello");
    }
    let metrics = app.state.ws().metrics().prometheus();
    let line = r#"autumn_ws_sessions_rejected_total{endpoint="limits.places.each",reason="connections_per"} 1"#;
    assert!(metrics.lines().any(|other| other == line), "{metrics}");
    // The place is free when the connection has ended.
    second.close(1000, "").await;
    let mut third = as_user(&app, "/places/each", "ann").open().await;
    assert_eq!(third.ask("hello").await, "hello");
}

#[tokio::test]
async fn the_newest_connection_of_a_user_may_replace_the_oldest() {
    let mut app = App::start().await;
    let mut old = as_user(&app, "/places/newest", "ann").open().await;
    let mut other = as_user(&app, "/places/newest", "bob").open().await;
    assert_eq!(old.ask("hello").await, "hello");
    let mut new = as_user(&app, "/places/newest", "ann").open().await;
    assert_eq!(old.closed().await, (4000, "replaced".to_owned()));
    assert_eq!(app.note().await, "server 4000 replaced");
    for client in [&mut new, &mut other] {
        assert_eq!(client.ask("still here").await, "still here");
    }
}

#[tokio::test]
async fn a_request_that_open_refuses_replaces_nobody() {
    let app = App::start().await;
    let refused = as_user(&app, "/places/newest", "banned").refused().await;
    assert_eq!(refused.status(), 403);
    let mut client = as_user(&app, "/places/newest", "ann").open().await;
    assert_eq!(app.refused("/places/newest").await.status(), 401);
    assert_eq!(client.ask("still here").await, "still here");
}

#[tokio::test]
async fn an_address_with_too_many_connections_gets_429() {
    let app = App::start().await;
    let mut clients = [
        app.connect("/places/address").await,
        app.connect("/places/address").await,
    ];
    assert_eq!(app.refused("/places/address").await.status(), 429);
    for client in &mut clients {
        assert_eq!(client.ask("hello").await, "hello");
    }
}
