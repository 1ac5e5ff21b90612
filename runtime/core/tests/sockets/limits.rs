//! Sizes, times and counts.

use crate::{
    app::{echo, millis, next, router, start, start_reporting, until_all_are_gone},
    raw::{HANDSHAKE, PING, RawClient, frame},
};
use autumn_ws_core::{
    Accept, AppState, Closed, ClosedBy, Endpoint, Event, Session, Upgrade, close_code,
    testing::TestServer,
};
use axum::{Router, http::StatusCode, routing::any};
use std::{sync::Arc, time::Duration};
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    sync::{Barrier, mpsc},
    time::sleep,
};

/// More bytes than the operating system buffers.
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

struct Strict;

impl Endpoint for Strict {
    const NAME: &'static str = "strict";
    const SEND_TIMEOUT: Duration = millis(300);
    const HEARTBEAT: Option<Duration> = None;
    const IDLE: Option<Duration> = None;
    const CONNECTIONS: Option<usize> = Some(1);
}

/// Sends more than all buffers hold, then reports how the session ended.
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
    let closed = next(&mut reports).await;
    assert_eq!(
        (closed.by(), closed.code()),
        (ClosedBy::Server, close_code::ABNORMAL)
    );
    // Its slot becomes free although it still does not read.
    connect_in_time(&server).await;
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
    // A message that does not fit, so that the handler waits in `next` until it leaves.
    assert_eq!(state.channels().publish("feed", vec![0; LARGE]), 1);
    let closed = next(&mut reports).await;
    assert_eq!(
        (closed.by(), closed.code()),
        (ClosedBy::Server, close_code::ABNORMAL)
    );
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

struct Two;

impl Endpoint for Two {
    const NAME: &'static str = "two";
    const CONNECTIONS: Option<usize> = Some(2);
}

#[tokio::test]
async fn the_limit_on_sessions() {
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

async fn connect_in_time(server: &TestServer) -> autumn_ws_core::testing::TestClient {
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
async fn a_slot_is_taken_when_the_handler_grants() {
    // Both get in as long as neither is admitted.
    let both_are_in = Arc::new(Barrier::new(2));
    let slow = async move |upgrade: Upgrade<One>| {
        both_are_in.wait().await;
        upgrade.on_upgrade(echo).await
    };
    let state = AppState::new();
    let app = Router::new()
        .route("/", any(slow))
        .with_state(state.clone());
    let server = TestServer::start(app, state.shutdown());
    let both = async { tokio::join!(server.request("/").connect(), server.request("/").connect()) };
    let (one, two) = both.await;
    assert!(one.is_ok() != two.is_ok());
    assert_eq!(one.err().or(two.err()).unwrap().status, 503);
}

#[tokio::test]
async fn a_failed_upgrade_frees_its_slot() {
    // Something replaces the response.
    let teapot = async |upgrade: Upgrade<One>| {
        drop(upgrade.on_upgrade(echo).await);
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
        until_all_are_gone(&state).await;
    }
    // A client leaves before its response.
    for _ in 0..3 {
        let mut stream = TcpStream::connect(server.addr()).await.unwrap();
        stream.write_all(HANDSHAKE.as_bytes()).await.unwrap();
        drop(stream);
        connect_in_time(&server).await.close(1000, "").await;
        until_all_are_gone(&state).await;
    }
}

#[tokio::test]
async fn each_application_has_its_own_count() {
    let one = start::<One, _, _>(&AppState::new(), echo);
    let two = start::<One, _, _>(&AppState::new(), echo);
    let _one = one.connect("/").await;
    let _two = two.connect("/").await;
}
