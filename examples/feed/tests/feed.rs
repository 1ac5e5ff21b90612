//! The feed, seen by a client that is not ours.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by a panic"
)]

use autumn_ws::{AppState, testing::TestServer};
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use std::time::Duration;
use tokio::{net::TcpStream, task::yield_now, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, protocol::CloseFrame},
};

/// How long a test waits for one event before it fails.
const PATIENCE: Duration = Duration::from_secs(10);

/// The interval between prices in tests.
const OFTEN: Duration = Duration::from_millis(5);

/// A listening client.
struct Listener(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Listener {
    async fn connect(server: &TestServer) -> Self {
        let (socket, _) = connect_async(server.url("/feed")).await.expect("a socket");
        Self(socket)
    }

    async fn recv(&mut self) -> Message {
        let received = timeout(PATIENCE, self.0.next()).await;
        let message = received.expect("something in time").expect("no end");
        message.expect("no error")
    }

    /// The number of the next price.
    async fn number(&mut self) -> u64 {
        let text = self.recv().await.into_text().expect("text");
        let price: Value = serde_json::from_str(&text).expect("JSON");
        price["number"].as_u64().expect("a number")
    }

    /// The last message before the server closes, and the close frame.
    async fn closed(&mut self) -> (Option<Message>, Option<CloseFrame>) {
        let mut last = None;
        loop {
            match self.recv().await {
                Message::Close(frame) => {
                    // Answers the close frame, and waits for the end of the connection.
                    let end = timeout(PATIENCE, self.0.next()).await;
                    assert!(!matches!(end, Ok(Some(Ok(_))) | Err(_)), "{end:?}");
                    return (last, frame);
                }
                message => last = Some(message),
            }
        }
    }
}

fn start() -> (AppState, TestServer) {
    let state = AppState::new();
    let server = TestServer::start(feed::app(state.clone()), state.shutdown());
    (state, server)
}

#[tokio::test]
async fn all_clients_hear_the_same_prices() {
    let (state, server) = start();
    let mut listeners = [
        Listener::connect(&server).await,
        Listener::connect(&server).await,
    ];
    let _publisher = tokio::spawn(feed::publish(state, OFTEN));
    for listener in &mut listeners {
        for number in 1..=3 {
            assert_eq!(listener.number().await, number);
        }
    }
}

#[tokio::test]
async fn messages_from_clients_are_ignored() {
    let (state, server) = start();
    let mut listener = Listener::connect(&server).await;
    listener
        .0
        .send(Message::text("buy!"))
        .await
        .expect("a socket");
    let _publisher = tokio::spawn(feed::publish(state, OFTEN));
    assert_eq!(listener.number().await, 1);
}

#[tokio::test]
async fn a_slow_client_skips_to_the_latest() {
    let (state, server) = start();
    let mut listener = Listener::connect(&server).await;
    // The test has one thread, so the session cannot run in between.
    for number in 1..=100 {
        state
            .channels()
            .publish("prices", format!(r#"{{"number":{number}}}"#));
    }
    for number in 85..=100 {
        assert_eq!(listener.number().await, number);
    }
}

#[tokio::test]
async fn a_client_that_left_is_forgotten() {
    let (state, server) = start();
    let mut listener = Listener::connect(&server).await;
    assert_eq!(state.channels().publish("prices", "here"), 1);
    listener.0.close(None).await.expect("a socket");
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
    let mut listener = Listener::connect(&server).await;
    listener.number().await;

    // Published before the shutdown, so it still arrives.
    state.channels().publish("prices", "the last word");
    state.shutdown().begin();
    let (last, frame) = listener.closed().await;
    assert_eq!(last, Some(Message::text("the last word")));
    let frame = frame.expect("a code and a reason");
    assert_eq!(u16::from(frame.code), 1012);
    assert_eq!(frame.reason, "the feed restarts, connect again");

    let ended = timeout(PATIENCE, publisher)
        .await
        .expect("the publisher ends");
    ended.expect("the publisher does not panic");
    server.shutdown().await;
}
