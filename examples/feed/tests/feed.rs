//! The feed, seen by a client that is not ours.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by a panic"
)]

use autumn_ws::{
    AppState,
    testing::{TestClient, TestServer},
};
use serde_json::Value;
use std::time::Duration;
use tokio::{task::yield_now, time::timeout};

/// How long a test waits for one event before it fails.
const PATIENCE: Duration = Duration::from_secs(10);

/// The interval between prices in tests.
const OFTEN: Duration = Duration::from_millis(5);

/// The number of the next price.
async fn number(listener: &mut TestClient) -> u64 {
    let price: Value = serde_json::from_str(&listener.text().await).expect("JSON");
    price["number"].as_u64().expect("a number")
}

fn start() -> (AppState, TestServer) {
    let state = AppState::new();
    let server = TestServer::start(feed::app(state.clone()), state.shutdown());
    (state, server)
}

#[tokio::test]
async fn all_clients_hear_the_same_prices() {
    let (state, server) = start();
    let mut listeners = [server.connect("/feed").await, server.connect("/feed").await];
    let _publisher = tokio::spawn(feed::publish(state, OFTEN));
    for listener in &mut listeners {
        for expected in 1..=3 {
            assert_eq!(number(listener).await, expected);
        }
    }
}

#[tokio::test]
async fn messages_from_clients_are_ignored() {
    let (state, server) = start();
    let mut listener = server.connect("/feed").await;
    listener.send("buy!").await;
    let _publisher = tokio::spawn(feed::publish(state, OFTEN));
    assert_eq!(number(&mut listener).await, 1);
}

#[tokio::test]
async fn a_slow_client_skips_to_the_latest() {
    let (state, server) = start();
    let mut listener = server.connect("/feed").await;
    // The test has one thread, so the session cannot run in between.
    for number in 1..=100 {
        state
            .channels()
            .publish("prices", format!(r#"{{"number":{number}}}"#));
    }
    for expected in 85..=100 {
        assert_eq!(number(&mut listener).await, expected);
    }
}

#[tokio::test]
async fn a_client_that_left_is_forgotten() {
    let (state, server) = start();
    let mut listener = server.connect("/feed").await;
    assert_eq!(state.channels().publish("prices", "here"), 1);
    listener.close(1000, "").await;
    let gone = async {
        while state.channels().publish("prices", "anybody?") > 0 {
            yield_now().await;
        }
    };
    timeout(PATIENCE, gone).await.expect("nobody is left");
}

#[tokio::test]
async fn the_feed_says_goodbye() {
    let (state, server) = start();
    let publisher = tokio::spawn(feed::publish(state.clone(), OFTEN));
    let mut listener = server.connect("/feed").await;
    number(&mut listener).await;

    // Published before the shutdown, so it still arrives.
    state.channels().publish("prices", "the last word");
    state.shutdown().begin();
    while listener.text().await != "the last word" {}
    let closed = listener.closed().await;
    assert_eq!(closed.code(), 1012);
    assert_eq!(closed.reason(), "the feed restarts, connect again");

    let ended = timeout(PATIENCE, publisher)
        .await
        .expect("the publisher ends");
    ended.expect("the publisher does not panic");
    server.shutdown().await;
}
