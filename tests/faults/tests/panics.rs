//! User code that panics: its socket closes with 1011, everything it held is freed, the log and the
//! metrics show it, and no other client notices.

use std::net::SocketAddr;

use tokio::io::AsyncWriteExt;

use crate::support::Server;
use test_kit::{End, Frame, Socket, connect, handshake, read_head};

const INTERNAL: (u16, &str) = (1011, "internal error");

/// Makes the code panic at a place while another client uses the same endpoint.
async fn panic_at(place: &str, provoke: impl AsyncFn(&Server, &mut Socket)) {
    let server = Server::start().await;
    let mut other = server.open("/panics/nowhere").await;
    assert_eq!(other.text().await, "welcome");
    let before = server.measures().await;
    // The endpoint takes two clients at once: a place that is not given back would be missed.
    for time in 1..=3 {
        let mut socket = server.open(&format!("/panics/{place}")).await;
        provoke(&server, &mut socket).await;
        logs_the_panic(&server, socket.name()).await;
        drop(socket);
        server.settles_at(before).await;
        assert_eq!(server.counted("endpoints/unruly.panics/panics").await, time);
        while other.ask_for("still there?").await != "still there?" {}
    }
}

/// The log says what happened to which client, and where.
async fn logs_the_panic(server: &Server, name: SocketAddr) {
    let peer = format!("peer={name}");
    let parts = ["ERROR", "unruly.panics", &peer, "panicked", "on demand"];
    server.logged(&parts).await;
}

#[tokio::test]
async fn on_open() {
    panic_at("on_open", async |_, socket| {
        socket.is_left(INTERNAL).await;
    })
    .await;
}

#[tokio::test]
async fn on_message() {
    panic_at("on_message", async |_, socket| {
        socket.say("anything").await;
        socket.is_left(INTERNAL).await;
    })
    .await;
}

#[tokio::test]
async fn on_a_channel() {
    panic_at("on_flood", async |server, socket| {
        assert_eq!(server.publish("flood", 0..1, 10).await, 2);
        socket.is_left(INTERNAL).await;
    })
    .await;
}

#[tokio::test]
async fn on_lag() {
    let server = Server::start().await;
    let before = server.measures().await;
    let mut socket = server.open("/panics/on_lag").await;
    // It may have ended before the flood.
    server.flood("flood").await;
    socket.is_left(INTERNAL).await;
    logs_the_panic(&server, socket.name()).await;
    drop(socket);
    server.settles_at(before).await;
}

#[tokio::test]
async fn on_shutdown() {
    let server = Server::start().await;
    let mut socket = server.open("/panics/on_shutdown").await;
    let mut other = server.open("/panics/nowhere").await;
    server.terminate();
    socket.is_left(INTERNAL).await;
    other.is_left((1012, "server shutting down")).await;
    logs_the_panic(&server, socket.name()).await;
    assert_eq!(server.ended().await.0.code(), Some(0));
}

/// The client has already closed, and gets its answer and nothing else.
#[tokio::test]
async fn on_close() {
    panic_at("on_close", async |_, socket| {
        socket.send(Frame::close(4000, "bye")).await;
        assert_eq!(socket.closed_at_last().await, (4000, "bye".to_owned()));
        assert_eq!(socket.end().await, End::Fin);
    })
    .await;
}

#[tokio::test]
async fn in_drop() {
    panic_at("drop", async |_, socket| {
        socket.send(Frame::close(4000, "bye")).await;
        assert_eq!(socket.closed_at_last().await, (4000, "bye".to_owned()));
        assert_eq!(socket.end().await, End::Fin);
    })
    .await;
}

/// There is no socket yet: the connection ends without a response, and no place was taken. An
/// application that wants to respond uses a layer.
#[tokio::test]
async fn in_open() {
    let server = Server::start().await;
    let mut other = server.open("/panics/nowhere").await;
    assert_eq!(other.text().await, "welcome");
    let before = server.measures().await;
    for time in 1..=3 {
        let mut client = connect(server.addr).await;
        let peer = format!("peer={}", client.local_addr().unwrap());
        let request = handshake(server.addr, "/panics/open", "");
        client.write_all(request.as_bytes()).await.unwrap();
        assert_eq!(read_head(&mut client).await, "");
        let parts = ["ERROR", "unruly.panics", &peer, "panicked"];
        server.logged(&parts).await;
        server.logged(&["panicked at", "panics.rs"]).await;
        server.settles_at(before).await;
        assert_eq!(server.counted("endpoints/unruly.panics/panics").await, time);
    }
    let refused = server.counted("endpoints/unruly.panics/rejected/application");
    assert_eq!(refused.await, 3);
    assert_eq!(other.ask_for("still there?").await, "still there?");
}
