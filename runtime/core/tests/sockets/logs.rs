//! The log for the person on call: each failure has a line, which names endpoint and peer.

use crate::{
    app::{Plain, bind, echo, in_time, millis, router, start, stay, until, until_all_are_gone},
    raw::{RawClient, TEXT, frame},
    typed::{
        app as typed,
        kinds::{Chat, ChatIncoming},
    },
};
use autumn_ws_core::{
    AppState, Endpoint, Event, Session, close_code, messages::Session as TypedSession, serve,
    testing::TestServer,
};
use std::{
    error::Error,
    fmt,
    io::{self, Write},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tower_http::trace::TraceLayer;
use tracing::{Level, subscriber::DefaultGuard};

/// The log of a test. Each test runs in one thread, with everything it starts.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn start() -> (Self, DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(Level::DEBUG)
            .with_ansi(false)
            .without_time()
            .with_writer(move || writer.clone())
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// Waits for a line that contains all of these.
    async fn has(&self, parts: &[&str]) {
        let is_it = |line: &str| parts.iter().all(|part| line.contains(part));
        until(&format!("{parts:?}"), || self.text().lines().any(is_it)).await;
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const PEER: &str = "peer=127.0.0.1:";
const PLAIN: &str = "endpoint=\"plain\"";
const HASTY: &str = "endpoint=\"hasty\"";

struct Hasty;

impl Endpoint for Hasty {
    const NAME: &'static str = "hasty";
    const SEND_TIMEOUT: Duration = millis(100);
    const DRAIN: Duration = millis(50);
    const CONNECTIONS: Option<usize> = Some(1);
}

#[tokio::test]
async fn the_span_of_a_session_records_its_end() {
    let (log, _guard) = Log::start();
    let server = start::<Plain, _, _>(&AppState::new(), echo);
    let mut client = server.connect("/").await;
    client.send("hello").await;
    client.text().await;
    client.close(close_code::AWAY, "see you").await;
    let end = ["DEBUG", "session ended reason=\"see you\"", PLAIN, PEER];
    log.has(&end).await;
    let fields = ["session{", "by=client", "code=1001", "seconds=0."];
    let counts = ["received=1", "received_bytes=5", "sent=1", "sent_bytes=5"];
    log.has(&[&end[..1], &fields, &counts].concat()).await;
}

#[tokio::test]
async fn a_panic_is_an_error() {
    let (log, _guard) = Log::start();
    let server = start::<Plain, _, _>(&AppState::new(), async |mut session: Session| {
        session.next().await;
        panic!("as asked for")
    });
    let mut client = RawClient::open(server.addr()).await;
    client.write(&frame(TEXT, b"panic")).await;
    assert_eq!(client.closed().await.0, close_code::ERROR);
    let panic = "the session's code panicked panic=\"as asked for\"";
    log.has(&["ERROR", panic, PLAIN, PEER]).await;
}

#[derive(Debug)]
struct NoDatabase(io::Error);

impl fmt::Display for NoDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no database")
    }
}

impl Error for NoDatabase {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

#[tokio::test]
async fn an_error_of_the_code_is_an_error_with_its_causes() {
    let (log, _guard) = Log::start();
    let server = start::<Plain, _, _>(&AppState::new(), async |mut session: Session| {
        session.next().await;
        Err(NoDatabase(io::Error::other("out of order")))?
    });
    let mut client = RawClient::open(server.addr()).await;
    client.write(&frame(TEXT, b"fail")).await;
    assert_eq!(client.closed().await.0, close_code::ERROR);
    let failed = "the session's code failed error=\"no database: out of order\"";
    log.has(&["ERROR", failed, PLAIN, PEER]).await;
}

#[tokio::test]
async fn an_answer_without_an_end_is_an_error() {
    let (log, _guard) = Log::start();
    let server = typed::start(&AppState::new(), async |mut session: TypedSession<Chat>| {
        while let Some(event) = session.next().await {
            match event {
                Event::Message(ChatIncoming::Prompt(id, _)) => drop(session.answer::<()>(id)),
                event => session.fallback(event).await?,
            }
        }
        Ok(())
    });
    let mut client = RawClient::open(server.addr()).await;
    client.write(&frame(TEXT, b"{")).await;
    let invalid = "a message is not accepted kind=$none error=invalid message: must be JSON";
    log.has(&["DEBUG", invalid, "endpoint=\"chat\"", PEER])
        .await;
    let prompt = br#"{"type":"prompt","$id":1,"text":"secret"}"#;
    client.write(&frame(TEXT, prompt)).await;
    assert_eq!(client.closed().await.0, close_code::ERROR);
    let dropped = "an answer was dropped before it was finished";
    log.has(&["ERROR", dropped, "endpoint=\"chat\"", PEER])
        .await;
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_a_warning() {
    let (log, _guard) = Log::start();
    let server = start::<Hasty, _, _>(&AppState::new(), async |mut session: Session| {
        loop {
            session.send(vec![0; 1 << 20]).await?;
        }
    });
    let _stalled = RawClient::open(server.addr()).await;
    let cut = "session ended: the client was cut off";
    let how = ["by=server", "code=1006"];
    log.has(&[&["WARN", cut, HASTY, PEER][..], &how].concat())
        .await;
}

#[tokio::test]
async fn a_close_frame_that_is_not_taken_is_a_warning() {
    let (log, _guard) = Log::start();
    let server = start::<Hasty, _, _>(&AppState::new(), async |mut session: Session| {
        session.send(vec![0; 10 << 20]).await?;
        session.close(close_code::AGAIN, "enough").await
    });
    let _stalled = RawClient::open(server.addr()).await;
    let lost = "the client did not take the close frame in time";
    log.has(&["WARN", lost, HASTY, PEER]).await;
    log.has(&["DEBUG", "session ended", "code=1013"]).await;
}

#[tokio::test]
async fn a_session_that_does_not_end_is_a_warning() {
    let (log, _guard) = Log::start();
    let state = AppState::new();
    let server = start::<Hasty, _, _>(&state, stay);
    let _client = server.connect("/").await;
    state.shutdown().begin();
    let cut = "the session did not end in its drain time";
    log.has(&["WARN", cut, HASTY, PEER]).await;
    until_all_are_gone(&state).await;
}

#[tokio::test]
async fn a_client_that_breaks_the_protocol_is_named() {
    let (log, _guard) = Log::start();
    let server = start::<Plain, _, _>(&AppState::new(), echo);
    let mut client = RawClient::open(server.addr()).await;
    client.write(&frame(TEXT, b"\xff")).await;
    assert_eq!(client.closed().await.0, close_code::INVALID);
    log.has(&["DEBUG", "the client broke the protocol", PLAIN, PEER])
        .await;
}

#[tokio::test]
async fn a_refused_client_is_named() {
    let (log, _guard) = Log::start();
    let state = AppState::new();
    let server = start::<Hasty, _, _>(&state, echo);
    let _client = server.connect("/").await;
    let foreign = server.request("/").origin("https://evil.example");
    assert_eq!(foreign.connect().await.unwrap_err().status, 403);
    assert_eq!(server.request("/").connect().await.unwrap_err().status, 503);
    let refused = "refused to open a socket";
    for reason in ["reason=\"origin\"", "reason=\"connections\""] {
        log.has(&["DEBUG", refused, reason, HASTY, PEER]).await;
    }
    // Why the origin is foreign.
    let host = format!("host=Some(\"{}\")", server.addr());
    log.has(&["origin=Some(\"https://evil.example\")", &host, HASTY])
        .await;
}

#[tokio::test]
async fn refused_pages_and_hosts_are_warned_of_without_a_flood() {
    let (log, _guard) = Log::start();
    let state = AppState::new().allow_hosts(["127.0.0.1"]);
    let server = start::<Plain, _, _>(&state, echo);
    for _ in 0..50 {
        let foreign = server.request("/").origin("https://evil.example");
        assert_eq!(foreign.connect().await.unwrap_err().status, 403);
    }
    let why = "pages from this origin may not open this socket";
    log.has(&[
        "WARN",
        why,
        "origin=Some(\"https://evil.example\")",
        PLAIN,
        PEER,
        "left_out=0",
    ])
    .await;
    assert_eq!(log.text().matches("WARN").count(), 1);
}

/// A flood of one hides no warning about the other.
#[tokio::test]
async fn pages_and_hosts_are_warned_of_independently() {
    let (log, _guard) = Log::start();
    let state = AppState::new();
    let server = start::<Plain, _, _>(&state, echo);
    let elsewhere = start::<Plain, _, _>(&state.allow_hosts(["chat.example"]), echo);
    for _ in 0..2 {
        let foreign = server.request("/").origin("https://evil.example");
        assert_eq!(foreign.connect().await.unwrap_err().status, 403);
        let misled = elsewhere.request("/").connect().await;
        assert_eq!(misled.unwrap_err().status, 421);
    }
    for why in ["may not open this socket", "does not answer for this host"] {
        log.has(&["WARN", why, PLAIN, PEER, "left_out=0"]).await;
    }
    assert_eq!(log.text().matches("WARN").count(), 2);
}

#[tokio::test]
async fn a_long_origin_is_cut() {
    let (log, _guard) = Log::start();
    let server = start::<Plain, _, _>(&AppState::new(), echo);
    let origin = format!("https://{}.example", "a".repeat(5000));
    let foreign = server.request("/").origin(&origin).connect().await;
    assert_eq!(foreign.unwrap_err().status, 403);
    // With the quote that it begins with, 200 characters.
    let cut = format!("origin=Some(\"https://{}…)", "a".repeat(191));
    log.has(&["WARN", &cut, PLAIN, PEER]).await;
}

#[tokio::test]
async fn a_missing_header_of_the_proxy_protocol_is_warned_of_without_a_flood() {
    let (log, _guard) = Log::start();
    let state = AppState::new();
    let (listener, addr) = bind().await;
    let app = router::<Plain, _, _>(&state, echo);
    let proxies = ["127.0.0.1".parse().unwrap()];
    tokio::spawn(serve(listener, app, state.shutdown()).proxy_protocol(proxies));
    for _ in 0..3 {
        let mut stream = TcpStream::connect(addr).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
        // What was not read makes the end a reset.
        let end = in_time(stream.read(&mut [0; 1])).await;
        assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    }
    let missing = "a connection has no header of the PROXY protocol";
    log.has(&["WARN", missing, PEER, "left_out=0"]).await;
    assert_eq!(log.text().matches("WARN").count(), 1);
}

#[tokio::test]
async fn a_host_that_the_application_does_not_answer_for_is_warned_of() {
    let (log, _guard) = Log::start();
    let state = AppState::new().allow_hosts(["chat.example"]);
    let server = start::<Plain, _, _>(&state, echo);
    let own = format!("http://{}", server.addr());
    // As after DNS rebinding: page and socket have the same host.
    let rebound = server
        .request("/")
        .origin(&own)
        .connect()
        .await
        .unwrap_err();
    assert_eq!(rebound.status, 421);
    assert!(rebound.body.contains("allow_hosts"), "{}", rebound.body);
    let host = format!("host=Some(\"{}\")", server.addr());
    log.has(&["WARN", "does not answer for this host", &host, PLAIN])
        .await;
    log.has(&["DEBUG", "refused to open a socket", "reason=\"host\""])
        .await;
}

#[tokio::test]
async fn the_span_of_a_session_is_a_child_of_the_span_of_its_request() {
    let (log, _guard) = Log::start();
    let state = AppState::new();
    let traced = router::<Plain, _, _>(&state, echo).layer(TraceLayer::new_for_http());
    let server = TestServer::start(traced, state.shutdown());
    server.connect("/").await.close(1000, "").await;
    let spans = ["request{method=GET uri=/", "}:session{endpoint=\"plain\""];
    log.has(&[&["session ended"][..], &spans].concat()).await;
}

#[tokio::test]
async fn without_a_span_of_the_request_a_session_has_its_own() {
    let (log, _guard) = Log::start();
    let server = start::<Plain, _, _>(&AppState::new(), echo);
    server.connect("/").await.close(1000, "").await;
    log.has(&["DEBUG session{endpoint=\"plain\"", "session ended"])
        .await;
}
