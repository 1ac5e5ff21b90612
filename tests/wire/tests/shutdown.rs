//! `shutdown`: what a client hears when the server stops, and how long that may take.

use crate::app::App;
use std::time::Duration;
use test_kit::{briefly, until};
use tokio::net::TcpStream;
use wire_tests::ws::shutdown::LAST_WORDS_CHANNEL;

#[tokio::test]
async fn the_default_goodbye() {
    let app = App::start().await;
    let mut client = app.connect("/shutdown/unsaid").await;
    assert_eq!(client.ask("hello").await, "hello");
    app.shut_down();
    assert_eq!(
        client.closed().await,
        (1012, "server shutting down".to_owned())
    );
    client.gone().await;
    app.ended().await;
}

#[tokio::test]
async fn code_and_reason_of_the_spec() {
    let app = App::start().await;
    let mut said = app.connect("/shutdown/said").await;
    let mut longest = app.connect("/shutdown/longest-reason").await;
    app.shut_down();
    assert_eq!(said.closed().await, (4001, "back in a moment".to_owned()));
    let (code, reason) = longest.closed().await;
    assert_eq!((code, reason.len()), (1012, 123));
    assert!(
        reason.starts_with("é2345") && reason.ends_with(" 12"),
        "{reason}"
    );
}

#[tokio::test]
async fn earlier_messages_arrive_before_the_goodbye() {
    let app = App::start().await;
    let mut client = app.connect("/shutdown/unsaid").await;
    for word in ["so", "long"] {
        assert_eq!(app.publish(LAST_WORDS_CHANNEL, word), 1);
    }
    app.shut_down();
    assert_eq!(client.text().await, "so");
    assert_eq!(client.text().await, "long");
    assert_eq!(client.closed().await.0, 1012);
}

#[tokio::test]
async fn notify_lets_the_code_say_goodbye_first() {
    let mut app = App::start().await;
    let mut client = app.connect("/shutdown/saving").await;
    app.shut_down();
    assert_eq!(client.text().await, "saving");
    assert_eq!(client.text().await, "goodbye");
    assert_eq!(client.closed().await, (1012, "saved".to_owned()));
    assert_eq!(app.note().await, "saved");
    assert_eq!(app.note().await, "server 1012 saved");
}

#[tokio::test]
async fn drain_cuts_code_that_does_not_end() {
    let app = App::start().await;
    let mut client = app.connect("/shutdown/stuck").await;
    app.shut_down();
    assert_eq!(client.text().await, "one moment");
    assert_eq!(client.closed().await, (4002, "cut".to_owned()));
    client.gone().await;
    app.ended().await;
}

#[tokio::test]
async fn connections_are_refused_while_sockets_say_goodbye() {
    let app = App::start().await;
    // This one has 20 seconds, and waits for the gate.
    let mut last = app.connect("/admin/overriding").await;
    assert_eq!(last.ask("hello").await, "hello");
    app.shut_down();
    let is_refused = async || TcpStream::connect(app.addr).await.is_err();
    until("the port to be closed", is_refused).await;
    app.state.open_gate(1);
    assert_eq!(last.text().await, "goodbye");
    assert_eq!(last.closed().await.0, 4011);
    last.gone().await;
    app.ended().await;
}

#[tokio::test]
async fn axum_serve_drained_by_hand() {
    let app = App::serve(
        |routes| routes,
        |listener, router, shutdown| {
            let drained = async move {
                shutdown.cancelled().await;
                assert_eq!(shutdown.drain(Duration::from_secs(10)).await, 0);
            };
            let server = axum::serve(listener, router).with_graceful_shutdown(drained);
            tokio::spawn(server.into_future())
        },
    )
    .await;
    let mut client = app.connect("/shutdown/saving").await;
    assert_eq!(client.ask("hello").await, "hello");
    app.shut_down();
    assert_eq!(client.text().await, "saving");
    assert_eq!(client.text().await, "goodbye");
    assert_eq!(client.closed().await, (1012, "saved".to_owned()));
    client.gone().await;
    app.ended().await;
}

#[tokio::test]
async fn drain_returns_how_many_sessions_are_left() {
    let app = App::start().await;
    let mut client = app.connect("/admin/overriding").await;
    assert_eq!(client.ask("hello").await, "hello");
    let shutdown = app.state.ws().shutdown();
    assert_eq!(shutdown.drain(Duration::from_millis(1)).await, 1);
    app.state.open_gate(1);
    let drained = async { shutdown.drain(Duration::from_secs(10)).await };
    let goodbye = async {
        assert_eq!(client.text().await, "goodbye");
        client.gone().await;
    };
    let (left, ()) = briefly("the end", async { tokio::join!(drained, goodbye) }).await;
    assert_eq!(left, 0);
}
