//! The sockets, as a client sees them.
#![allow(clippy::expect_used, reason = "a test fails by a panic")]

use autumn_ws::{AppState, testing::TestServer};

fn start() -> TestServer {
    let state = AppState::new();
    TestServer::start(chat::app(state.clone()), state.shutdown())
}

#[tokio::test]
async fn a_room_hears_who_said_what() {
    let server = start();
    let mut ann = server.connect("/rooms/tea?nick=ann").await;
    assert_eq!(ann.text().await, "ann joined");
    let mut bob = server.connect("/rooms/tea?nick=bob").await;
    for chatter in [&mut ann, &mut bob] {
        assert_eq!(chatter.text().await, "bob joined");
    }

    ann.send("milk?").await;
    bob.send("please").await;
    for chatter in [&mut ann, &mut bob] {
        let mut heard = [chatter.text().await, chatter.text().await];
        // Two clients that speak at once are heard in either order.
        heard.sort();
        assert_eq!(heard, ["ann: milk?", "bob: please"]);
    }

    drop(ann);
    assert_eq!(bob.text().await, "ann left");
}

#[tokio::test]
async fn rooms_do_not_mix() {
    let server = start();
    let mut ann = server.connect("/rooms/tea?nick=ann").await;
    let mut bob = server.connect("/rooms/coffee?nick=bob").await;
    assert_eq!(ann.text().await, "ann joined");
    assert_eq!(bob.text().await, "bob joined");
    ann.send("black or green?").await;
    assert_eq!(ann.text().await, "ann: black or green?");
    bob.send("black").await;
    assert_eq!(bob.text().await, "bob: black");
}

#[tokio::test]
async fn a_nick_is_optional() {
    let server = start();
    let mut guest = server.connect("/rooms/tea").await;
    assert_eq!(guest.text().await, "guest joined");
}

#[tokio::test]
async fn a_nick_cannot_imitate_another() {
    let server = start();
    for nick in ["", "bob%3A%20hi", "bob%0A", "bob%20joined", &"b".repeat(25)] {
        let request = server.request(&format!("/rooms/tea?nick={nick}"));
        let refused = request.connect().await.expect_err(nick);
        assert_eq!(refused.status, 400, "{nick}");
    }
}

#[tokio::test]
async fn the_lobby_relays_messages_unchanged() {
    let server = start();
    let mut ann = server.connect("/lobby").await;
    let mut bob = server.connect("/lobby").await;
    ann.send("anybody here?").await;
    for chatter in [&mut ann, &mut bob] {
        assert_eq!(chatter.text().await, "anybody here?");
    }
}
