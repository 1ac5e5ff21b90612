//! Hand-written code: who may enter, and how the end of a session is seen.

use crate::app::App;
use test_kit::Message;

#[tokio::test]
async fn open_lets_in() {
    let app = App::start().await;
    assert_eq!(app.connect("/doors/open").await.ask("hello").await, "hello");
}

#[tokio::test]
async fn open_refuses_with_a_rejection() {
    let app = App::start().await;
    let cases = [
        ("bad-request", 400, "which door?"),
        ("unauthorized", 401, "sign in first"),
        ("forbidden", 403, "members only"),
        ("not-found", 404, "a painted door"),
        ("too-many", 429, "one at a time"),
        ("unavailable", 503, "later"),
        ("teapot", 418, "short and stout"),
    ];
    for (door, status, text) in cases {
        let refused = app.refused(&format!("/doors/{door}")).await;
        assert_eq!(
            (refused.status().as_u16(), refused.body().as_str()),
            (status, text)
        );
    }
}

#[tokio::test]
async fn open_refuses_with_any_axum_response() {
    let app = App::start().await;
    assert_eq!(app.refused("/doors/status").await.status(), 402);
    let refused = app.refused("/doors/locked").await;
    assert_eq!(refused.status(), 423);
    assert_eq!(refused.headers()["retry-after"], "300");
    assert_eq!(refused.body(), "locked");
}

#[tokio::test]
async fn on_open_may_speak_first_and_close() {
    let app = App::start().await;
    let mut client = app.connect("/doors/revolving").await;
    assert_eq!(client.text().await, "in");
    assert_eq!(client.closed().await, (4003, "and out".to_owned()));
}

#[tokio::test]
async fn on_close_knows_that_the_client_closed() {
    let mut app = App::start().await;
    app.connect("/diary").await.close(4321, "bored").await;
    assert_eq!(app.note().await, "client 4321 bored");
    let mut wordless = app.connect("/diary").await;
    wordless.send(Message::Close(None)).await;
    assert_eq!(app.note().await, "client 1005 ");
}

#[tokio::test]
async fn on_close_knows_that_the_server_closed() {
    let mut app = App::start().await;
    let mut client = app.connect("/diary").await;
    client.send("a word").await;
    assert_eq!(client.closed().await, (1008, "say nothing".to_owned()));
    assert_eq!(app.note().await, "server 1008 say nothing");
    let mut client = app.connect("/diary").await;
    client.send("x".repeat(1025)).await;
    assert_eq!(client.closed().await.0, 1009);
    assert!(app.note().await.starts_with("server 1009 "));
}

#[tokio::test]
async fn on_close_knows_that_the_connection_was_lost() {
    let mut app = App::start().await;
    drop(app.connect("/diary").await);
    assert_eq!(app.note().await, "network 1006 ");
}

#[tokio::test]
async fn on_close_is_called_when_the_server_shuts_down() {
    let mut app = App::start().await;
    let mut client = app.connect("/diary").await;
    app.shut_down();
    assert_eq!(client.closed().await.0, 1012);
    assert_eq!(app.note().await, "server 1012 server shutting down");
}

#[tokio::test]
async fn a_channel_joined_by_the_code_is_relayed() {
    let app = App::start().await;
    let mut client = app.connect("/joiner").await;
    assert_eq!(client.ask("attic").await, "joined");
    assert_eq!(app.publish("attic", "a noise"), 1);
    assert_eq!(client.text().await, "a noise");
}

#[tokio::test]
async fn on_channel_gets_messages_of_joined_channels() {
    let app = App::start().await;
    let mut client = app.connect("/reader").await;
    assert_eq!(client.text().await, "joined");
    assert_eq!(app.publish("shelf", "a line"), 1);
    assert_eq!(client.text().await, "book: a line");
}
