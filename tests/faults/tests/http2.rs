//! Faults over HTTP/2 (RFC 8441), where many sockets share a connection and each can fail by
//! itself.

use axum::body::Bytes;
use axum::http::{Method, Request};
use h2::client::{self, SendRequest};
use h2::ext::Protocol;
use h2::{Reason, RecvStream, SendStream};
use tokio::net::TcpStream;
use tokio::task::{JoinHandle, yield_now};

use crate::support::Server;
use test_kit::{CLOSE, Frame, soon};

/// One connection, with windows so large that no socket blocks another.
struct Connection {
    requests: SendRequest<Bytes>,
    task: JoinHandle<()>,
    authority: String,
}

/// One of its sockets.
struct Stream {
    heard: RecvStream,
    said: SendStream<Bytes>,
    received: Vec<u8>,
}

impl Connection {
    async fn to(server: &Server) -> Self {
        let stream = TcpStream::connect(server.addr).await.unwrap();
        let handshake = client::Builder::new()
            .initial_connection_window_size(16 << 20)
            .handshake(stream);
        let (mut requests, connection) = soon("a connection", handshake).await.unwrap();
        // How it ends is up to the server.
        let task = tokio::spawn(async { drop(connection.await) });
        while !requests.is_extended_connect_protocol_enabled() {
            yield_now().await;
            requests = soon("extended CONNECT", requests.ready()).await.unwrap();
        }
        Self {
            requests,
            task,
            authority: server.addr.to_string(),
        }
    }

    async fn open(&mut self, path: &str) -> Stream {
        let request = Request::builder()
            .method(Method::CONNECT)
            .uri(format!("http://{}{path}", self.authority))
            .extension(Protocol::from_static("websocket"))
            .header("sec-websocket-version", "13")
            .body(())
            .unwrap();
        let (answer, said) = self.requests.send_request(request, false).unwrap();
        let answer = soon("an answer", answer).await.unwrap();
        assert_eq!(answer.status(), 200);
        Stream {
            heard: answer.into_body(),
            said,
            received: Vec::new(),
        }
    }

    /// Breaks off.
    async fn lose(self) {
        self.task.abort();
        assert!(self.task.await.is_err());
    }
}

impl Stream {
    fn send(&mut self, frame: &Frame) {
        let bytes = Bytes::from(frame.masked());
        self.said.send_data(bytes, false).unwrap();
    }

    /// The next frame. `None` if the stream has ended or was reset.
    async fn hear(&mut self) -> Option<Frame> {
        loop {
            if let Some((frame, length)) = Frame::parse(&self.received) {
                self.received.drain(..length);
                return Some(frame);
            }
            let data = soon("a frame, or the end", self.heard.data()).await?.ok()?;
            let flow = self.heard.flow_control();
            flow.release_capacity(data.len()).unwrap();
            self.received.extend(data);
        }
    }

    async fn ask_for(&mut self, text: &str) {
        self.send(&Frame::text(text));
        assert_eq!(self.hear().await, Some(Frame::text(text)));
    }
}

#[tokio::test]
async fn an_unread_socket_is_cut_without_affecting_others() {
    let server = Server::start().await;
    let mut connection = Connection::to(&server).await;
    let mut other = connection.open("/echo").await;
    other.ask_for("hello").await;
    let before = server.measures().await;
    let stalled = connection.open("/stalls/brisk").await;
    assert_eq!(server.flood("stalls").await, 1);
    let cut = ["session ended", "stalls.brisk", "by=server", "code=1006"];
    server.logged(&cut).await;
    other.ask_for("still there?").await;
    drop(stalled);
    server.settles_at(before).await;
    other.ask_for("still there?").await;
}

#[tokio::test]
async fn a_reset_socket_does_not_affect_others() {
    let server = Server::start().await;
    let mut connection = Connection::to(&server).await;
    let mut other = connection.open("/echo").await;
    other.ask_for("hello").await;
    let before = server.measures().await;
    let mut reset = connection.open("/gone/push").await;
    reset.said.send_reset(Reason::CANCEL);
    let lost = ["session ended", "gone.push", "by=network", "code=1006"];
    server.logged(&lost).await;
    server.settles_at(before).await;
    other.ask_for("still there?").await;
}

#[tokio::test]
async fn a_broken_connection_loses_all_its_sockets() {
    let server = Server::start().await;
    let before = server.measures().await;
    let mut connection = Connection::to(&server).await;
    let mut sockets = Vec::new();
    for _ in 0..10 {
        sockets.push(connection.open("/gone/push").await);
    }
    assert_eq!(server.publish("gone", 0..1, 10).await, 10);
    connection.lose().await;
    server.settles_at(before).await;
    let lost = server.counted("endpoints/gone.push/closed/network/1006");
    assert_eq!(lost.await, 10);
}

#[tokio::test]
async fn a_panic_closes_one_socket_of_many() {
    let server = Server::start().await;
    let mut connection = Connection::to(&server).await;
    let mut other = connection.open("/echo").await;
    other.ask_for("hello").await;
    let before = server.measures().await;
    let mut panics = connection.open("/panics/on_message").await;
    assert_eq!(panics.hear().await, Some(Frame::text("welcome")));
    panics.send(&Frame::text("anything"));
    assert_eq!(
        panics.hear().await,
        Some(Frame::close(1011, "internal error"))
    );
    panics.send(&Frame::close(1011, ""));
    assert_eq!(panics.hear().await, None);
    drop(panics);
    server.settles_at(before).await;
    other.ask_for("still there?").await;
}

#[tokio::test]
async fn each_socket_hears_the_goodbye() {
    let server = Server::start().await;
    let mut connection = Connection::to(&server).await;
    let mut echo = connection.open("/shutdown/echo").await;
    let mut relay = connection.open("/shutdown/relay").await;
    let mut desk = connection.open("/shutdown/desk").await;
    echo.ask_for("hello").await;
    assert_eq!(server.publish("feed", 0..3, 1).await, 1);
    server.terminate();
    for number in 0..3 {
        assert_eq!(relay.hear().await.unwrap().number(), number);
    }
    is_left(&mut relay, (1012, "the feed restarts")).await;
    is_left(&mut echo, (4001, "no more echo")).await;
    assert_eq!(desk.hear().await, Some(Frame::text("any last words?")));
    desk.send(&Frame::text("so long"));
    assert_eq!(desk.hear().await, Some(Frame::text("so long")));
    assert_eq!(desk.hear().await, Some(Frame::text("noted")));
    is_left(&mut desk, (4003, "closed for today")).await;
    let (status, printed) = server.ended().await;
    assert_eq!(
        (status.code(), printed),
        (Some(0), vec!["farewells 1".to_owned()])
    );
}

/// The server closes as declared, and the stream ends.
async fn is_left(stream: &mut Stream, (code, reason): (u16, &str)) {
    assert_eq!(stream.hear().await, Some(Frame::close(code, reason)));
    stream.send(&Frame::new(CLOSE, code.to_be_bytes()));
    assert_eq!(stream.hear().await, None);
}
