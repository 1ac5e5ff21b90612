//! Channels that reach the client without the session's code.

use crate::{
    app::{Careful, millis, next},
    memory::{MemoryServer, start},
    raw::{BINARY, RawClient, TEXT, frame},
};
use autumn_ws_core::{AppState, Channels, Event, close_code, testing};
use std::collections::HashMap;
use tokio::{sync::mpsc, time::sleep};

/// The capacity of the channels.
const CAPACITY: usize = 2000;

/// A server that relays these channels and reports every event.
fn relay(
    state: &AppState,
    capacity: usize,
    names: &'static [&'static str],
) -> (MemoryServer, mpsc::UnboundedReceiver<String>) {
    let (report, reports) = mpsc::unbounded_channel();
    let channels = state.channels().clone();
    let server = start::<Careful, _, _>(state, move |mut session| {
        let report = report.clone();
        for name in names {
            session.relay(name, channels.subscribe_with_capacity(*name, capacity));
        }
        async move {
            report.send("open".to_owned()).unwrap();
            while let Some(event) = session.next().await {
                report.send(format!("{event:?}")).unwrap();
                if let Event::Shutdown = event {
                    session.close(close_code::RESTART, "bye").await?;
                }
            }
            Ok(())
        }
    });
    (server, reports)
}

async fn open(
    server: &MemoryServer,
    reports: &mut mpsc::UnboundedReceiver<String>,
) -> RawClient<tokio::io::DuplexStream> {
    let client = server.open().await;
    assert_eq!(next(reports).await, "open");
    client
}

/// Small messages, large ones, and some that fill every buffer: more than the connection takes at
/// once.
fn payload(n: u32) -> Vec<u8> {
    let size = [4, 200, 1023, 1024, 20_000, 90_000][n as usize % 6];
    let mut payload = vec![b'x'; size];
    payload[..4].copy_from_slice(&n.to_be_bytes());
    payload
}

fn publish(channels: &Channels, name: &str, numbers: std::ops::Range<u32>) {
    for n in numbers {
        assert_eq!(channels.publish(name, payload(n)), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn everything_arrives_in_order() {
    let state = AppState::new();
    let (server, mut reports) = relay(&state, CAPACITY, &["one"]);
    let mut client = open(&server, &mut reports).await;
    publish(state.channels(), "one", 0..600);
    for n in 0..600 {
        assert!(client.frame().await.unwrap() == (BINARY, payload(n)), "{n}");
    }
    assert!(reports.is_empty());
}

#[tokio::test(start_paused = true)]
async fn channels_take_turns() {
    let state = AppState::new();
    let (server, mut reports) = relay(&state, CAPACITY, &["one", "two"]);
    let mut client = open(&server, &mut reports).await;
    for n in 0..1000 {
        state.channels().publish("one", format!("one {n}"));
        state.channels().publish("two", format!("two {n}"));
    }
    let mut seen: HashMap<String, u32> = HashMap::new();
    for _ in 0..2000 {
        let (_, text) = client.frame().await.unwrap();
        let text = String::from_utf8(text).unwrap();
        let (name, n) = text.split_once(' ').unwrap();
        let count = seen.entry(name.to_owned()).or_default();
        assert_eq!(n, count.to_string());
        *count += 1;
        let behind = seen.values().max().unwrap() - seen.values().min().unwrap();
        assert!(seen.len() < 2 || behind <= 64, "{behind}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stalled_client_is_read_and_later_gets_everything() {
    let state = AppState::new();
    let (server, mut reports) = relay(&state, CAPACITY, &["one"]);
    let mut client = open(&server, &mut reports).await;
    publish(state.channels(), "one", 0..600);
    sleep(millis(100)).await;
    for _ in 0..100 {
        client.write(&frame(TEXT, b"here")).await;
        assert!(next(&mut reports).await.contains("here"));
    }
    state.shutdown().begin();
    client.write(&frame(TEXT, b"still")).await;
    assert!(next(&mut reports).await.contains("still"));
    for n in 0..600 {
        assert!(client.frame().await.unwrap() == (BINARY, payload(n)), "{n}");
    }
    assert_eq!(client.closed().await, (close_code::RESTART, "bye".into()));
    assert_eq!(next(&mut reports).await, "Shutdown");
}

#[tokio::test(start_paused = true)]
async fn losses_are_reported() {
    let state = AppState::new();
    let (server, mut reports) = relay(&state, 1, &["one"]);
    let mut client = open(&server, &mut reports).await;
    publish(state.channels(), "one", 0..3);
    let lagged = r#"Lagged(Lagged { channel: "one", missed: 2 })"#;
    assert_eq!(next(&mut reports).await, lagged);
    assert!(client.frame().await.unwrap() == (BINARY, payload(2)));
}

#[tokio::test(start_paused = true)]
async fn gaps_are_reported_in_their_place() {
    let state = AppState::new();
    let (server, mut reports) = relay(&state, CAPACITY, &["one"]);
    let mut client = open(&server, &mut reports).await;
    for start in [0, 40, 80] {
        // More than is read at once, and more than the connection takes.
        publish(state.channels(), "one", start..start + 40);
        testing::gap(state.channels(), "one");
        assert!(reports.is_empty(), "what was published before comes before");
        for n in start..start + 40 {
            assert!(client.frame().await.unwrap() == (BINARY, payload(n)), "{n}");
        }
        assert_eq!(next(&mut reports).await, r#"Gap("one")"#);
    }
    publish(state.channels(), "one", 120..160);
    testing::gap(state.channels(), "one");
    state.shutdown().begin();
    for n in 120..160 {
        assert!(client.frame().await.unwrap() == (BINARY, payload(n)), "{n}");
    }
    for report in [r#"Gap("one")"#, "Shutdown"] {
        assert_eq!(next(&mut reports).await, report);
    }
}
