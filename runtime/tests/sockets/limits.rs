//! Sizes, times and counts.

use crate::{
    app::{echo, millis, next, router, run_echo, start, start_reporting},
    raw::{PING, PONG, RawClient, TEXT, frame},
};
use autumn_ws::{
    Accept, AppState, Closed, ClosedBy, Endpoint, Event, Session, Upgrade, close_code,
    testing::TestServer,
};
use axum::{Router, http::StatusCode, routing::any};
use std::time::Duration;
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    sync::mpsc,
    time::{Instant, sleep, timeout},
};

/// More bytes than the operating system's buffers take.
const LARGE: usize = 10 << 20;

struct Narrow;

impl Endpoint for Narrow {
    const NAME: &'static str = "narrow";
    const MESSAGE_SIZE: usize = 1000;
}

#[tokio::test]
async fn a_message_that_is_too_big_closes_with_1009() {
    let (server, mut ends) = start_reporting::<Narrow>(&AppState::new());
    let mut client = server.connect("/").await;
    client.send("x".repeat(1000)).await;
    assert_eq!(client.text().await.len(), 1000);
    client.send("x".repeat(1001)).await;
    assert_eq!(client.closed().await.code(), close_code::SIZE);
    let closed = next(&mut ends).await;
    assert_eq!(
        (closed.by(), closed.code()),
        (ClosedBy::Server, close_code::SIZE)
    );
}

#[tokio::test]
async fn the_close_frame_has_time_to_arrive_although_the_message_is_not_read() {
    let (server, _ends) = start_reporting::<Narrow>(&AppState::new());
    let mut client = RawClient::open(server.addr()).await;
    client.write(&frame(TEXT, &vec![b'x'; 100_000])).await;
    assert_eq!(client.closed().await.0, close_code::SIZE);
    // With bytes unread, the end of the connection is a reset, which overtakes what was sent.
    let from = Instant::now();
    assert_eq!(client.frame().await, None);
    assert!(from.elapsed() > millis(300), "{:?}", from.elapsed());
}

#[tokio::test]
async fn a_message_of_fragments_that_is_too_big_closes_with_1009() {
    let (server, _ends) = start_reporting::<Narrow>(&AppState::new());
    let mut client = RawClient::open(server.addr()).await;
    client.write(&frame(0x01, &[b'x'; 600])).await;
    client.write(&frame(0x00, &[b'x'; 600])).await;
    assert_eq!(client.closed().await.0, close_code::SIZE);
}

struct TextOnly;

impl Endpoint for TextOnly {
    const NAME: &'static str = "text";
    const ACCEPT: Accept = Accept::Text;
}

struct BinaryOnly;

impl Endpoint for BinaryOnly {
    const NAME: &'static str = "binary";
    const ACCEPT: Accept = Accept::Binary;
}

#[tokio::test]
async fn the_wrong_kind_closes_with_1003() {
    let (server, _ends) = start_reporting::<TextOnly>(&AppState::new());
    let mut client = server.connect("/").await;
    client.send("text").await;
    assert_eq!(client.text().await, "text");
    client.send(vec![1]).await;
    let closed = client.closed().await;
    assert_eq!(
        (closed.code(), closed.reason()),
        (1003, "text messages only")
    );

    let (server, _ends) = start_reporting::<BinaryOnly>(&AppState::new());
    let mut client = server.connect("/").await;
    client.send("text").await;
    let closed = client.closed().await;
    assert_eq!(
        (closed.code(), closed.reason()),
        (1003, "binary messages only")
    );
}

struct Impatient;

impl Endpoint for Impatient {
    const NAME: &'static str = "impatient";
    const HEARTBEAT: Option<Duration> = None;
    const IDLE: Option<Duration> = Some(millis(500));
}

#[tokio::test]
async fn a_silent_client_is_closed() {
    let (server, mut ends) = start_reporting::<Impatient>(&AppState::new());
    let mut client = server.connect("/").await;
    for _ in 0..6 {
        sleep(millis(100)).await;
        client.send("here").await;
        client.text().await;
    }
    let from = Instant::now();
    let closed = client.closed().await;
    assert_eq!((closed.code(), closed.reason()), (close_code::AWAY, "idle"));
    assert!(from.elapsed() > millis(450), "{:?}", from.elapsed());
    assert_eq!(next(&mut ends).await.by(), ClosedBy::Server);
}

struct Watchful;

impl Endpoint for Watchful {
    const NAME: &'static str = "watchful";
    const HEARTBEAT: Option<Duration> = Some(millis(200));
    const IDLE: Option<Duration> = Some(millis(600));
}

#[tokio::test]
async fn a_client_that_answers_pings_stays() {
    let (server, mut ends) = start_reporting::<Watchful>(&AppState::new());
    let mut client = RawClient::open(server.addr()).await;
    for _ in 0..5 {
        assert_eq!(client.frame().await, Some((PING, vec![])));
        client.write(&frame(PONG, &[])).await;
    }
    assert_eq!(client.closed().await, (close_code::AWAY, "idle".into()));
    next(&mut ends).await;
}

#[tokio::test]
async fn a_client_that_talks_is_not_pinged() {
    let (server, _ends) = start_reporting::<Watchful>(&AppState::new());
    let mut client = RawClient::open(server.addr()).await;
    for _ in 0..20 {
        sleep(millis(25)).await;
        client.write(&frame(TEXT, b"here")).await;
        assert_eq!(client.frame().await, Some((TEXT, b"here".to_vec())));
    }
}

struct Strict;

impl Endpoint for Strict {
    const NAME: &'static str = "strict";
    const SEND_TIMEOUT: Duration = millis(300);
    const HEARTBEAT: Option<Duration> = None;
    const IDLE: Option<Duration> = None;
    const CONNECTIONS: Option<usize> = Some(1);
}

/// Sends more than all buffers take, then tells how the session ended.
async fn flood(mut session: Session, report: mpsc::UnboundedSender<Closed>) -> Result<(), Closed> {
    let block = vec![0; 64 * 1024];
    let closed = loop {
        if let Err(closed) = session.send(block.as_slice()).await {
            break closed;
        }
    };
    report.send(closed).unwrap();
    Ok(())
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_cut() {
    let state = AppState::new();
    let (report, mut reports) = mpsc::unbounded_channel();
    let server = start::<Strict, _, _>(&state, move |session| flood(session, report.clone()));
    let stalled = RawClient::open(server.addr()).await;
    let from = Instant::now();
    let closed = next(&mut reports).await;
    assert_eq!(
        (closed.by(), closed.code()),
        (ClosedBy::Server, close_code::ABNORMAL)
    );
    assert!(from.elapsed() < millis(2000), "{:?}", from.elapsed());
    // Its slot is free although it still does not read.
    sleep(millis(50)).await;
    server.connect("/").await;
    drop(stalled);
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_cut_while_the_handler_waits() {
    let state = AppState::new();
    let (report, mut reports) = mpsc::unbounded_channel();
    let channels = state.channels().clone();
    let server = start::<Strict, _, _>(&state, move |mut session| {
        session.subscribe("feed", channels.subscribe("feed"));
        let report = report.clone();
        async move {
            while let Some(event) = session.next().await {
                if let Event::Channel(_, message) = event
                    && session.send(message).await.is_err()
                {
                    break;
                }
            }
            report.send(session.closed().unwrap()).unwrap();
            Ok(())
        }
    });
    let _stalled = RawClient::open(server.addr()).await;
    // One message that does not fit, so that the handler waits in `next` for it to leave.
    assert_eq!(state.channels().publish("feed", vec![0; LARGE]), 1);
    let closed = next(&mut reports).await;
    assert_eq!(
        (closed.by(), closed.code()),
        (ClosedBy::Server, close_code::ABNORMAL)
    );
}

#[tokio::test]
async fn a_client_that_takes_everything_is_not_cut() {
    let server = start::<Strict, _, _>(&AppState::new(), async |mut session| {
        // More than the connection takes at once, so that it stalls and goes on.
        session.send(vec![0; LARGE]).await?;
        run_echo(&mut session).await
    });
    let mut client = server.connect("/").await;
    client.binary().await;
    for _ in 0..2 {
        sleep(millis(400)).await;
        client.send("still there").await;
        assert_eq!(client.text().await, "still there");
    }
}

struct Unhurried;

impl Endpoint for Unhurried {
    const NAME: &'static str = "unhurried";
    const HEARTBEAT: Option<Duration> = None;
    const IDLE: Option<Duration> = None;
}

#[tokio::test]
async fn a_client_that_takes_no_pongs_is_not_read() {
    let (server, _ends) = start_reporting::<Unhurried>(&AppState::new());
    let mut client = RawClient::open(server.addr()).await;
    let pings = frame(PING, &[0; 125]).repeat(100);
    let from = Instant::now();
    while timeout(millis(500), client.stream.write_all(&pings))
        .await
        .is_ok()
    {
        assert!(
            from.elapsed() < Duration::from_secs(3),
            "it is read for ever"
        );
    }
}

#[tokio::test]
async fn a_client_that_only_pings_is_cut() {
    let (server, mut ends) = start_reporting::<Strict>(&AppState::new());
    let client = RawClient::open(server.addr()).await;
    let (_read, mut write) = client.stream.into_split();
    let pings = frame(PING, &[0; 125]).repeat(100);
    let flood = async move { while write.write_all(&pings).await.is_ok() {} };
    let flood = tokio::spawn(flood);
    let closed = next(&mut ends).await;
    assert_eq!(
        (closed.by(), closed.code()),
        (ClosedBy::Server, close_code::ABNORMAL)
    );
    flood.abort();
}

struct Patient;

impl Endpoint for Patient {
    const NAME: &'static str = "patient";
    const SEND_TIMEOUT: Duration = Duration::from_secs(5);
    const HEARTBEAT: Option<Duration> = None;
    const IDLE: Option<Duration> = Some(millis(600));
}

#[tokio::test]
async fn a_slow_client_is_heard_while_a_send_waits() {
    let server = start::<Patient, _, _>(&AppState::new(), async |mut session| {
        session.send(vec![0; LARGE]).await?;
        session.send("sent").await?;
        run_echo(&mut session).await
    });
    let mut client = RawClient::open(server.addr()).await;
    // It reads nothing for longer than the idle time, but gives signs of life.
    for n in 0..8_u8 {
        sleep(millis(100)).await;
        client.write(&frame(PONG, &[])).await;
        client.write(&frame(TEXT, &[b'0' + n])).await;
    }
    assert_eq!(client.frame().await.unwrap().1.len(), LARGE);
    assert_eq!(client.frame().await.unwrap().1, b"sent");
    for n in 0..8_u8 {
        assert_eq!(client.frame().await.unwrap().1, [b'0' + n]);
    }
}

#[tokio::test]
async fn a_slow_client_that_is_silent_is_closed_while_a_send_waits() {
    let (report, mut reports) = mpsc::unbounded_channel();
    let server = start::<Patient, _, _>(&AppState::new(), move |session| {
        flood(session, report.clone())
    });
    let _client = RawClient::open(server.addr()).await;
    let closed = next(&mut reports).await;
    assert_eq!((closed.code(), closed.reason()), (close_code::AWAY, "idle"));
}

struct Two;

impl Endpoint for Two {
    const NAME: &'static str = "two";
    const CONNECTIONS: Option<usize> = Some(2);
}

#[tokio::test]
async fn the_cap() {
    let state = AppState::new();
    let server = start::<Two, _, _>(&state, async |mut session| {
        while let Some(event) = session.next().await {
            if let Event::Message(message) = event {
                assert_ne!(message.to_text().unwrap(), "panic");
                session.send(message).await?;
            }
        }
        Ok(())
    });
    let mut first = server.connect("/").await;
    let second = server.connect("/").await;
    let refused = server.request("/").connect().await.unwrap_err();
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers["retry-after"], "1");
    // Freed when a client closes, vanishes, and when the handler panics.
    first.close(1000, "").await;
    let first = connect_in_time(&server).await;
    drop(second);
    let mut second = connect_in_time(&server).await;
    assert!(server.request("/").connect().await.is_err());
    second.send("panic").await;
    second.closed().await;
    connect_in_time(&server).await;
    drop(first);
}

async fn connect_in_time(server: &TestServer) -> autumn_ws::testing::TestClient {
    for _ in 0..200 {
        if let Ok(client) = server.request("/").connect().await {
            return client;
        }
        sleep(millis(10)).await;
    }
    panic!("no slot was freed");
}

struct One;

impl Endpoint for One {
    const NAME: &'static str = "one";
    const CONNECTIONS: Option<usize> = Some(1);
}

#[tokio::test]
async fn a_slot_is_taken_when_the_handler_agrees() {
    let (entered, mut waiting) = mpsc::unbounded_channel();
    let slow = async move |upgrade: Upgrade<One>| {
        entered.send(()).unwrap();
        sleep(millis(200)).await;
        upgrade.on_upgrade(echo)
    };
    let state = AppState::new();
    let app = Router::new()
        .route("/", any(slow))
        .with_state(state.clone());
    let server = TestServer::start(app, state.shutdown());
    let both = async { tokio::join!(server.request("/").connect(), server.request("/").connect()) };
    let (one, two) = both.await;
    // Both were let in, as long as they had yet to be admitted; one got the slot.
    waiting.recv().await.unwrap();
    waiting.recv().await.unwrap();
    assert!(one.is_ok() != two.is_ok());
    assert_eq!(one.err().or(two.err()).unwrap().status, 503);
}

#[tokio::test]
async fn a_failed_upgrade_frees_its_slot() {
    // Something replaces the response.
    let teapot = async |upgrade: Upgrade<One>| {
        drop(upgrade.on_upgrade(echo));
        StatusCode::IM_A_TEAPOT
    };
    let state = AppState::new();
    let good = router::<One, _, _>(&state, echo);
    let app = Router::new()
        .route("/teapot", any(teapot))
        .with_state(state.clone())
        .merge(good);
    let server = TestServer::start(app, state.shutdown());
    for _ in 0..3 {
        let refused = server.request("/teapot").connect().await.unwrap_err();
        assert_eq!(refused.status, StatusCode::IM_A_TEAPOT);
        sleep(millis(20)).await;
    }
    // A client leaves before it has its answer.
    for _ in 0..3 {
        let mut stream = TcpStream::connect(server.addr()).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n").await.unwrap();
        drop(stream);
        sleep(millis(20)).await;
    }
    connect_in_time(&server).await;
}

#[tokio::test]
async fn applications_are_counted_apart() {
    let one = start::<One, _, _>(&AppState::new(), echo);
    let two = start::<One, _, _>(&AppState::new(), echo);
    let _one = one.connect("/").await;
    let _two = two.connect("/").await;
}
