//! The sockets, seen by a client that is not ours.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]

use autumn_ws::{AppState, testing::TestServer};
use futures_util::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message},
};

/// How long a test waits for one event before it fails.
const PATIENCE: Duration = Duration::from_secs(10);

/// A chatting client.
struct Chatter(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Chatter {
    async fn enter(server: &TestServer, path: &str) -> Self {
        let (socket, _) = connect_async(server.url(path)).await.expect("a socket");
        Self(socket)
    }

    async fn say(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.expect("a socket");
    }

    async fn hear(&mut self) -> String {
        match timeout(PATIENCE, self.0.next()).await {
            Ok(Some(Ok(Message::Text(text)))) => text.to_string(),
            other => panic!("expected to hear something, but got {other:?}"),
        }
    }
}

fn start() -> TestServer {
    let state = AppState::new();
    TestServer::start(chat::app(state.clone()), state.shutdown())
}

#[tokio::test]
async fn a_room_hears_who_said_what() {
    let server = start();
    let mut ann = Chatter::enter(&server, "/rooms/tea?nick=ann").await;
    assert_eq!(ann.hear().await, "ann joined");
    let mut bob = Chatter::enter(&server, "/rooms/tea?nick=bob").await;
    for chatter in [&mut ann, &mut bob] {
        assert_eq!(chatter.hear().await, "bob joined");
    }

    ann.say("milk?").await;
    bob.say("please").await;
    for chatter in [&mut ann, &mut bob] {
        let mut heard = [chatter.hear().await, chatter.hear().await];
        // Two clients that speak at once are heard in either order.
        heard.sort();
        assert_eq!(heard, ["ann: milk?", "bob: please"]);
    }

    drop(ann);
    assert_eq!(bob.hear().await, "ann left");
}

#[tokio::test]
async fn rooms_do_not_mix() {
    let server = start();
    let mut ann = Chatter::enter(&server, "/rooms/tea?nick=ann").await;
    let mut bob = Chatter::enter(&server, "/rooms/coffee?nick=bob").await;
    assert_eq!(ann.hear().await, "ann joined");
    assert_eq!(bob.hear().await, "bob joined");
    ann.say("black or green?").await;
    assert_eq!(ann.hear().await, "ann: black or green?");
    bob.say("black").await;
    assert_eq!(bob.hear().await, "bob: black");
}

#[tokio::test]
async fn a_nick_is_optional() {
    let server = start();
    let mut guest = Chatter::enter(&server, "/rooms/tea").await;
    assert_eq!(guest.hear().await, "guest joined");
}

#[tokio::test]
async fn a_nick_cannot_imitate_another() {
    let server = start();
    for nick in ["", "bob%3A%20hi", "bob%0A", "bob%20joined", &"b".repeat(25)] {
        let url = server.url(&format!("/rooms/tea?nick={nick}"));
        match connect_async(url).await {
            Err(Error::Http(response)) => assert_eq!(response.status(), 400, "{nick}"),
            other => panic!("expected {nick:?} to be refused, but got {other:?}"),
        }
    }
}

#[tokio::test]
async fn the_lobby_relays_messages_unchanged() {
    let server = start();
    let mut ann = Chatter::enter(&server, "/lobby").await;
    let mut bob = Chatter::enter(&server, "/lobby").await;
    ann.say("anybody here?").await;
    for chatter in [&mut ann, &mut bob] {
        assert_eq!(chatter.hear().await, "anybody here?");
    }
}
