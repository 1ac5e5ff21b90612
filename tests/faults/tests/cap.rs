//! `connections: 1`: the place is free again, however a session ends.

use tokio::io::AsyncWriteExt;

use crate::support::{Proxy, Server};
use test_kit::{BINARY, End, Frame, Socket, TEXT, connect, handshake};

/// A session, and what ends it.
async fn ends(server: &Server, path: &str, end: impl AsyncFnOnce(&Server, Socket), log: &[&str]) {
    let before = server.measures().await;
    let socket = server.open(path).await;
    let refused = Socket::ask(server.addr, path).await.err().unwrap();
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
    let name = socket.name();
    end(server, socket).await;
    server.logs_the_end_of(name, log).await;
    server.settles_at(before).await;
    server.open(path).await.close().await;
    server.settles_at(before).await;
}

/// One after the other, so that a place that is not given back would be missed.
#[tokio::test]
async fn every_ending_frees_the_place() {
    let server = Server::start().await;
    let server = &server;
    let by_client = ["by=client", "code=1000"];
    let lost = ["by=network", "code=1006"];
    let path = "/capped/admit";

    ends(
        server,
        path,
        async |_, socket| socket.close().await,
        &by_client,
    )
    .await;
    ends(server, path, async |_, socket| drop(socket), &lost).await;
    ends(server, path, async |_, socket| socket.reset(), &lost).await;
    let half_close = async |_: &Server, mut socket: Socket| {
        socket.stream.shutdown().await.unwrap();
        assert_eq!(socket.end().await, End::Fin);
    };
    ends(server, path, half_close, &lost).await;
    ends(
        server,
        path,
        says("close", (4000, "as you wish")),
        &["by=server", "code=4000"],
    )
    .await;
    ends(
        server,
        path,
        says("panic", (1011, "internal error")),
        &["code=1011"],
    )
    .await;
    let broken = Frame::raw(0xf1, "");
    ends(server, path, sends(broken, 1002), &["code=1002"]).await;
    ends(
        server,
        path,
        sends(Frame::new(TEXT, [0xff]), 1007),
        &["code=1007"],
    )
    .await;
    ends(
        server,
        path,
        sends(Frame::text("x".repeat(1001)), 1009),
        &["code=1009"],
    )
    .await;
    ends(
        server,
        path,
        sends(Frame::new(BINARY, [0]), 1003),
        &["code=1003"],
    )
    .await;
    ends(
        server,
        path,
        sends(Frame::close(999, ""), 1002),
        &["by=server", "code=1002"],
    )
    .await;
    let refused = server.counted("endpoints/unruly.capped/rejected/connections");
    assert_eq!(refused.await, 11);
}

fn says(text: &str, close: (u16, &str)) -> impl AsyncFnOnce(&Server, Socket) {
    async move |_: &Server, mut socket: Socket| {
        socket.say(text).await;
        let (code, reason) = socket.closed().await;
        assert_eq!((code, reason.as_str()), close);
    }
}

fn sends(frame: Frame, close: u16) -> impl AsyncFnOnce(&Server, Socket) {
    async move |_: &Server, mut socket: Socket| {
        socket.send(frame).await;
        assert_eq!(socket.closed().await.0, close);
    }
}

#[tokio::test]
async fn a_client_that_is_cut_frees_its_place() {
    let server = Server::start().await;
    let stall = async |server: &Server, socket: Socket| {
        assert_eq!(server.flood("flood").await, 1);
        server
            .settles(|now| now.listeners == 0, "no listener")
            .await;
        drop(socket);
    };
    let cut = ["by=server", "code=1006", "takes no data"];
    ends(&server, "/capped/admit", stall, &cut).await;
}

#[tokio::test]
async fn a_silent_client_frees_its_place() {
    let server = Server::start().await;
    let keep = async |server: &Server, socket: Socket| {
        server.logs_the_end_of(socket.name(), &["idle"]).await;
        drop(socket);
    };
    ends(&server, "/hasty", keep, &["by=server", "code=1001", "idle"]).await;
}

#[tokio::test]
async fn a_client_that_vanishes_frees_its_place() {
    let server = Server::start().await;
    let before = server.measures().await;
    let proxy = Proxy::to(server.addr).await;
    let _vanished = Socket::open(proxy.addr, "/hasty").await;
    proxy.cut();
    server
        .logged(&["session ended", "unruly.hasty", "code=1001", "idle"])
        .await;
    server.settles_at(before).await;
    server.open("/hasty").await.close().await;
}

#[tokio::test]
async fn a_refused_client_takes_no_place() {
    let server = Server::start().await;
    let before = server.measures().await;
    for _ in 0..3 {
        let refused = Socket::ask(server.addr, "/capped/refuse")
            .await
            .err()
            .unwrap();
        assert!(refused.starts_with("HTTP/1.1 403 "), "{refused}");
        assert!(Socket::ask(server.addr, "/capped/panic").await.is_err());
        // They leave during `open`, and after it.
        for path in ["/capped/wait", "/capped/admit"] {
            let mut stream = connect(server.addr).await;
            stream
                .write_all(handshake(server.addr, path, "").as_bytes())
                .await
                .unwrap();
        }
        server.settles_at(before).await;
        server.open("/capped/admit").await.close().await;
        server.settles_at(before).await;
    }
}

#[tokio::test]
async fn a_pending_client_does_not_hold_the_place() {
    let server = Server::start().await;
    let mut waiting = connect(server.addr).await;
    waiting
        .write_all(handshake(server.addr, "/capped/wait", "").as_bytes())
        .await
        .unwrap();
    server
        .settles(|now| now.listeners == 1, "a waiting client")
        .await;
    server.open("/capped/admit").await.close().await;
}
