//! Servers, and clients that misbehave.

mod leaving;
mod limits;
mod proxies;

use super::{Limits, Settings, Signals, ready, run, signals::Signal};
use crate::{AppState, Endpoint, Event, Session, Shutdown, Upgrade};
use axum::{
    Router,
    extract::ConnectInfo,
    routing::{any, get},
};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, mpsc},
    task::JoinHandle,
    time::timeout,
};

/// Longer than any test takes.
const HOUR: Duration = Duration::from_hours(1);

const MOMENT: Duration = Duration::from_millis(50);

/// The bytes of a response that no socket buffers.
const LARGE: usize = 32 << 20;

/// After this long a test fails instead of hanging.
const PATIENCE: Duration = Duration::from_secs(20);

/// Limits that no test reaches.
const PATIENT: Limits = Limits {
    header: HOUR,
    keep_alive: HOUR,
    ping: HOUR,
    pong: HOUR,
    linger: Duration::ZERO,
    settle: HOUR,
    requests: HOUR,
    last_requests: HOUR,
};

struct Echo;

impl Endpoint for Echo {
    const NAME: &'static str = "echo";
}

async fn echo(upgrade: Upgrade<Echo>) -> axum::response::Response {
    upgrade
        .on_upgrade(async |mut session: Session| {
            while let Some(Event::Message(message)) = session.next().await {
                session.send(message).await?;
            }
            Ok(())
        })
        .await
}

async fn address(ConnectInfo(address): ConnectInfo<SocketAddr>) -> String {
    address.to_string()
}

struct Server {
    addr: SocketAddr,
    shutdown: Shutdown,
    signals: mpsc::Sender<Signal>,
    /// Ends a request to `/slow`.
    go: Arc<Notify>,
    /// Reports that a request has come.
    requests: mpsc::UnboundedReceiver<()>,
    ended: JoinHandle<io::Result<()>>,
}

impl Server {
    async fn start(settings: impl Into<Settings>) -> Self {
        let go = Arc::new(Notify::new());
        let gate = Arc::clone(&go);
        let (come, requests) = mpsc::unbounded_channel();
        let slow = async move || {
            come.send(()).unwrap();
            gate.notified().await;
            "done"
        };
        let state = AppState::new();
        let shutdown = state.shutdown();
        let router = Router::new()
            .route("/quick", get(async || "done"))
            .route("/large", get(async || vec![b'*'; LARGE]))
            .route("/slow", get(slow))
            .route("/echo", any(echo))
            .route("/ready", get(ready))
            .route("/address", get(address))
            .with_state(state);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (signals, receiver) = mpsc::channel(1);
        let signals_of_test = Signals::from(receiver);
        let server = run(
            listener,
            router,
            shutdown.clone(),
            signals_of_test,
            settings.into(),
        );
        Self {
            addr,
            shutdown,
            signals,
            go,
            requests,
            ended: tokio::spawn(server),
        }
    }

    /// A connection on which these bytes were sent.
    async fn say(&self, said: impl AsRef<[u8]>) -> TcpStream {
        let mut stream = TcpStream::connect(self.addr).await.unwrap();
        stream.write_all(said.as_ref()).await.unwrap();
        stream
    }

    async fn request(&self, path: &str) -> TcpStream {
        self.say(request(path, "")).await
    }

    /// A connection that has got a response.
    async fn kept_alive(&self) -> TcpStream {
        let mut stream = self.request("/quick").await;
        assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200 "));
        assert_eq!(read(&mut stream, 4).await, b"done");
        stream
    }

    /// An open socket.
    async fn socket(&self) -> TcpStream {
        let mut stream = self.say(handshake()).await;
        assert!(answer(&mut stream).await.starts_with("HTTP/1.1 101 "));
        stream
    }

    /// A request that is under way.
    async fn slow_request(&mut self) -> TcpStream {
        let stream = self.request("/slow").await;
        self.requests.recv().await.unwrap();
        stream
    }

    /// Waits until it accepts no more connections: then only requests are left.
    async fn stops_listening(&self) {
        let refused = async { while TcpStream::connect(self.addr).await.is_ok() {} };
        timeout(PATIENCE, refused)
            .await
            .expect("no more connections");
    }

    /// Stops it in the middle.
    async fn drop(&self) {
        self.ended.abort();
        self.stops_listening().await;
    }

    /// How the server ends: by itself, long before the requests' time is over.
    async fn ends(self) -> io::Result<()> {
        let ended = timeout(PATIENCE, self.ended).await;
        ended.expect("the server ends").unwrap()
    }
}

fn request(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n")
}

fn handshake() -> String {
    let headers = "Connection: upgrade\r\n\
        Upgrade: websocket\r\n\
        Sec-WebSocket-Version: 13\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    request("/echo", headers)
}

/// The head of a response.
async fn answer(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.extend(read(stream, 1).await);
    }
    String::from_utf8(head).unwrap()
}

async fn read(stream: &mut TcpStream, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    let read = timeout(PATIENCE, stream.read_exact(&mut bytes)).await;
    read.expect("something to read").unwrap();
    bytes
}

/// What the server still sends before it closes the connection.
async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await;
    read.expect("the end of the connection").unwrap();
    bytes
}

/// Sends a message on a socket, and gets it back.
async fn echoes(stream: &mut TcpStream) {
    let masked = [0x81, 0x82, 0, 0, 0, 0, b'h', b'i'];
    stream.write_all(&masked).await.unwrap();
    assert_eq!(read(stream, 4).await, [0x81, 2, b'h', b'i']);
}

#[tokio::test]
async fn silent_connections_do_not_delay_the_end() {
    let server = Server::start(PATIENT).await;
    let _silent = server.say("").await;
    let _idle = server.kept_alive().await;
    server.signals.send(Signal::Interrupt).await.unwrap();
    server.ends().await.unwrap();
}

#[tokio::test]
async fn requests_under_way_may_end() {
    let mut server = Server::start(PATIENT).await;
    let mut slow = server.slow_request().await;
    server.shutdown.begin();
    server.stops_listening().await;
    assert!(!server.ended.is_finished());
    server.go.notify_one();
    server.ends().await.unwrap();
    let mut response = String::new();
    slow.read_to_string(&mut response).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
}

#[tokio::test]
async fn requests_that_never_end_are_cut_off() {
    let mut server = Server::start(Limits {
        requests: MOMENT,
        last_requests: MOMENT,
        ..PATIENT
    })
    .await;
    let _never = server.slow_request().await;
    server.shutdown.begin();
    server.ends().await.unwrap();
}

#[tokio::test]
async fn a_second_signal_ends_at_once() {
    let mut server = Server::start(PATIENT).await;
    let _never = server.slow_request().await;
    server.signals.send(Signal::Terminate).await.unwrap();
    server.signals.send(Signal::Terminate).await.unwrap();
    let error = server.ends().await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::Interrupted);
}

#[tokio::test]
async fn one_signal_does_not_end_a_shutdown_that_has_begun() {
    let mut server = Server::start(PATIENT).await;
    let mut slow = server.slow_request().await;
    server.shutdown.begin();
    server.stops_listening().await;
    server.signals.send(Signal::Terminate).await.unwrap();
    server.go.notify_one();
    server.ends().await.unwrap();
    assert!(slow.read(&mut [0; 1024]).await.unwrap() > 0);
}

#[tokio::test]
async fn requests_under_way_outlive_a_dropped_server() {
    let mut server = Server::start(PATIENT).await;
    let mut silent = server.say("").await;
    let mut idle = server.kept_alive().await;
    let mut slow = server.slow_request().await;
    let mut socket = server.socket().await;
    server.drop().await;
    assert!(rest(&mut silent).await.is_empty());
    assert!(rest(&mut idle).await.is_empty());
    server.go.notify_one();
    assert!(rest(&mut slow).await.ends_with(b"done"));
    echoes(&mut socket).await;
}
