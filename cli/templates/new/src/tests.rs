//! Each test starts the application on a free port and talks to it over a real socket.

use crate::ws;
use autumn_ws::{AppState, testing::TestServer};

fn start() -> TestServer {
    let state = AppState::new();
    TestServer::start(ws::router().with_state(state.clone()), state.shutdown())
}

#[tokio::test]
async fn echo_sends_back_what_it_receives() {
    let server = start();
    let mut client = server.connect("/echo").await;
    client.send("hello").await;
    assert_eq!(client.text().await, "hello");
}

#[tokio::test]
async fn everyone_in_the_lobby_hears_what_anyone_says() {
    let server = start();
    let mut ann = server.connect("/lobby").await;
    let mut ben = server.connect("/lobby").await;
    ann.send("hello").await;
    assert_eq!(ann.text().await, "hello");
    assert_eq!(ben.text().await, "hello");
}
