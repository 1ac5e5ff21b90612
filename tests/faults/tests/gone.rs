//! Clients that are gone, or nearly: each is noticed in the declared time, and leaves nothing
//! behind.

use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::support::{Proxy, Server};
use test_kit::{
    CONTINUATION, End, Frame, Heard, PING, PONG, Socket, TEXT, connect, handshake, soon,
};

const IDLE: [&str; 3] = ["by=server", "code=1001", "reason=\"idle\""];
const LOST: [&str; 2] = ["by=network", "code=1006"];

/// A client that talks and listens until the network between it and the server fails.
async fn vanish(server: &Server, path: &str) -> (Proxy, Socket) {
    let proxy = Proxy::to(server.addr).await;
    let mut socket = Socket::open(proxy.addr, path).await;
    assert_eq!(socket.ask_for("hello").await, "hello");
    proxy.cut();
    (proxy, socket)
}

async fn assert_vanishing_is_noticed(path: &str) {
    let server = Server::start().await;
    let before = server.measures().await;
    let _vanished = vanish(&server, path).await;
    server
        .logged(&[&["session ended"], &IDLE[..]].concat())
        .await;
    server.settles_at(before).await;
    let endpoint = path.trim_start_matches('/').replace('/', ".");
    let counted = format!("endpoints/{endpoint}/idle_timeouts");
    assert_eq!(server.counted(&counted).await, 1);
}

#[tokio::test]
async fn the_heartbeat_notices_a_vanished_client() {
    assert_vanishing_is_noticed("/gone/watched").await;
}

#[tokio::test]
async fn the_idle_timeout_notices_a_vanished_client() {
    assert_vanishing_is_noticed("/gone/quiet").await;
}

/// What is sent to it goes into the operating system's buffers, and proves nothing.
async fn assert_vanishing_from_a_feed_is_noticed(path: &str) {
    let server = Server::start().await;
    let before = server.measures().await;
    let _vanished = vanish(&server, path).await;
    let feed = async {
        while server.publish("gone", 0..10, 10).await > 0 {
            sleep(Duration::from_millis(5)).await;
        }
    };
    soon("no listener", feed).await;
    server
        .logged(&[&["session ended"], &IDLE[..]].concat())
        .await;
    server.settles_at(before).await;
}

#[tokio::test]
async fn a_vanished_client_is_noticed_while_much_is_sent_to_it() {
    tokio::join!(
        assert_vanishing_from_a_feed_is_noticed("/gone/watched"),
        assert_vanishing_from_a_feed_is_noticed("/gone/quiet"),
    );
}

#[tokio::test]
async fn a_client_that_half_closes() {
    let server = Server::start().await;
    for path in ["/gone/watched", "/gone/quiet", "/gone/push"] {
        let before = server.measures().await;
        let mut socket = server.open(path).await;
        socket.stream.shutdown().await.unwrap();
        server.logs_the_end_of(socket.name(), &LOST).await;
        assert_eq!(socket.end().await, End::Fin);
        drop(socket);
        server.settles_at(before).await;
    }
}

#[tokio::test]
async fn a_client_that_leaves_a_push_only_endpoint() {
    let server = Server::start().await;
    let before = server.measures().await;
    let closed = server.open("/gone/push").await;
    let dropped = server.open("/gone/push").await;
    let reset = server.open("/gone/push").await;
    let names = [dropped.name(), reset.name()];
    assert_eq!(server.publish("gone", 0..1, 10).await, 3);
    closed.close().await;
    drop(dropped);
    reset.reset();
    // Nothing more is published that could reveal it.
    for name in names {
        server.logs_the_end_of(name, &LOST).await;
    }
    server.settles_at(before).await;
    assert_eq!(server.publish("gone", 0..1, 10).await, 0);
}

#[tokio::test]
async fn a_client_that_never_answers_a_ping() {
    let server = Server::start().await;
    let before = server.measures().await;
    let mut socket = server.open("/gone/watched").await;
    assert_eq!(socket.hear().await, Heard::Frame(Frame::new(PING, "")));
    let close = async {
        loop {
            let heard = socket.hear().await;
            if heard != Heard::Frame(Frame::new(PING, "")) {
                return heard;
            }
        }
    };
    let idle = Heard::Frame(Frame::close(1001, "idle"));
    assert_eq!(soon("the close", close).await, idle);
    // It does not answer the close either: the server does not wait long.
    assert_eq!(socket.hear().await, Heard::End(End::Fin));
    server.logs_the_end_of(socket.name(), &IDLE).await;
    server.settles_at(before).await;
}

/// Sends the same bytes again and again, as long as the server takes them, and answers nothing.
async fn repeat(socket: &mut Socket, bytes: &[u8], pause: Duration) {
    while socket.stream.write_all(bytes).await.is_ok() {
        sleep(pause).await;
    }
}

const SLOWLY: Duration = Duration::from_millis(10);
const AT_ONCE: Duration = Duration::ZERO;

async fn assert_trickling_is_noticed(path: &str) {
    let server = Server::start().await;
    let before = server.measures().await;
    let mut socket = server.open(path).await;
    let name = socket.name();
    let head = &Frame::text("x".repeat(100_000)).masked()[..14];
    socket.write(head).await;
    tokio::join!(
        repeat(&mut socket, b"x", SLOWLY),
        server.logs_the_end_of(name, &IDLE)
    );
    server.settles_at(before).await;
}

#[tokio::test]
async fn a_client_that_trickles_a_frame() {
    tokio::join!(
        assert_trickling_is_noticed("/gone/watched"),
        assert_trickling_is_noticed("/gone/quiet"),
    );
}

#[tokio::test]
async fn a_client_that_trickles_the_head_of_a_frame() {
    let server = Server::start().await;
    let before = server.measures().await;
    let mut socket = server.open("/gone/watched").await;
    socket.write(&[0x82, 0xff, 0, 0]).await;
    server.logs_the_end_of(socket.name(), &IDLE).await;
    drop(socket);
    server.settles_at(before).await;
}

/// Sends empty fragments of a message, and answers nothing.
async fn assert_endless_message_is_noticed(path: &str, parts_at_once: usize, pause: Duration) {
    let server = Server::start().await;
    let before = server.measures().await;
    let mut other = server.open("/gone/push").await;
    let mut socket = server.open(path).await;
    let name = socket.name();
    socket.send(Frame::part(TEXT, "")).await;
    let nothing = Frame::part(CONTINUATION, "").masked().repeat(parts_at_once);
    let endless = repeat(&mut socket, &nothing, pause);
    tokio::join!(endless, server.logs_the_end_of(name, &IDLE));
    // It did not slow other clients down.
    assert_eq!(server.publish("gone", 7..8, 10).await, 1);
    assert_eq!(other.frame().await.number(), 7);
    drop(other);
    server.settles_at(before).await;
}

#[tokio::test]
async fn an_endless_message_without_content() {
    tokio::join!(
        assert_endless_message_is_noticed("/gone/watched", 1, SLOWLY),
        assert_endless_message_is_noticed("/gone/quiet", 1, SLOWLY),
    );
}

#[tokio::test]
async fn a_flood_of_empty_fragments() {
    tokio::join!(
        assert_endless_message_is_noticed("/gone/watched", 10_000, AT_ONCE),
        assert_endless_message_is_noticed("/gone/quiet", 10_000, AT_ONCE),
    );
}

#[tokio::test]
async fn an_endless_growing_message() {
    let server = Server::start().await;
    let before = server.measures().await;
    let mut socket = server.open("/gone/narrow").await;
    let name = socket.name();
    socket.send(Frame::part(TEXT, "x")).await;
    let more = Frame::part(CONTINUATION, "x".repeat(1000)).masked();
    let endless = repeat(&mut socket, &more, AT_ONCE);
    tokio::join!(
        endless,
        server.logs_the_end_of(name, &["by=server", "code=1009"])
    );
    server.settles_at(before).await;
}

/// An announced payload takes no memory before it arrives.
#[tokio::test]
async fn a_hundred_clients_that_announce_much_and_send_little() {
    const ANNOUNCED: [u8; 14] = [0x82, 0xff, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0];
    let server = Server::start().await;
    let before = server.resident().await;
    let mut sockets = Vec::new();
    for _ in 0..100 {
        let mut socket = server.open("/echo").await;
        // A frame of 48 MiB.
        socket.write(&ANNOUNCED).await;
        socket.write(b"a little").await;
        sockets.push(socket);
    }
    let more = server.resident().await.saturating_sub(before);
    assert!(more < 32 * 1024, "{more} KiB more");
}

#[tokio::test]
async fn a_slow_message_is_read_while_pings_are_answered() {
    let server = Server::start().await;
    let mut socket = server.open("/gone/watched").await;
    socket.send(Frame::part(TEXT, "at ")).await;
    // Longer than the endpoint's idle time.
    for _ in 0..6 {
        assert_eq!(socket.hear().await, Heard::Frame(Frame::new(PING, "")));
        socket.send(Frame::new(PONG, "")).await;
        socket.send(Frame::part(CONTINUATION, "long ")).await;
    }
    socket.send(Frame::new(CONTINUATION, "last")).await;
    assert_eq!(socket.text().await, "at long long long long long long last");
}

#[tokio::test]
async fn ten_thousand_clients_that_connect_and_leave() {
    const TOGETHER: usize = 20;
    const EACH: usize = 500;
    let server = Server::start().await;
    let before = server.measures().await;
    let mut clients = JoinSet::new();
    for first in 0..TOGETHER {
        let addr = server.addr;
        clients.spawn(async move {
            for turn in 0..EACH {
                come_and_go(addr, first + turn).await;
            }
        });
    }
    clients.join_all().await;
    server.settles_at(before).await;
    assert_eq!(before.channels, 0);
    let after = server.open("/gone/push").await;
    assert_eq!(server.publish("gone", 0..1, 10).await, 1);
    after.close().await;
}

/// Opens a connection and leaves it, in a different way each time.
async fn come_and_go(addr: std::net::SocketAddr, turn: usize) {
    match turn % 8 {
        0 => Socket::open(addr, "/gone/push").await.close().await,
        1 => drop(Socket::open(addr, "/gone/push").await),
        2 => Socket::open(addr, "/gone/push").await.reset(),
        3 => {
            let mut socket = Socket::open(addr, "/gone/push").await;
            socket.stream.shutdown().await.unwrap();
            assert_eq!(socket.end().await, End::Fin);
        }
        4 => {
            let mut socket = Socket::open(addr, "/gone/push").await;
            socket.write(&Frame::text("half of it").masked()[..9]).await;
        }
        5 => {
            let mut socket = Socket::open(addr, "/gone/push").await;
            socket.write(&Frame::text("unmasked").unmasked()).await;
            assert_eq!(socket.closed().await.0, 1002);
        }
        6 => {
            let mut stream = connect(addr).await;
            stream
                .write_all(handshake(addr, "/gone/push", "").as_bytes())
                .await
                .unwrap();
        }
        _ => drop(connect(addr).await),
    }
}
