//! `limits.rate`: how many messages a client may send.

use crate::app::App;
use std::time::{Duration, Instant};
use test_kit::{Client, Frame, Socket};
use tokio::{
    io::{AsyncWriteExt, join, sink},
    task::JoinHandle,
};

/// Messages that are numbered, and more of them than a connection's buffers take.
fn numbered(count: usize) -> Vec<u8> {
    let message = |n| Frame::text(format!("{n:<200}")).masked();
    (0..count).flat_map(message).collect()
}

/// A client that sends all of these at once, and in the meantime reads.
async fn flood(app: &App, path: &str, count: usize) -> (Client, JoinHandle<Instant>) {
    let socket = Socket::open(app.addr, path).await;
    let (reader, mut writer) = socket.stream.into_split();
    let written = tokio::spawn(async move {
        writer.write_all(&numbered(count)).await.unwrap();
        // The connection stays open.
        writer.forget();
        Instant::now()
    });
    (Client::over(join(reader, sink())).await, written)
}

#[tokio::test]
async fn a_client_that_sends_10000_at_once_loses_none() {
    let app = App::start().await;
    let begin = Instant::now();
    let (mut client, written) = flood(&app, "/rate/busy", 10_000).await;
    for n in 0..10_000 {
        assert_eq!(client.text().await.trim_end(), n.to_string());
    }
    // 5,000 at once, and the others in two seconds: TCP has slowed the client down.
    let all_read = begin.elapsed();
    let all_written = written.await.unwrap() - begin;
    assert!(all_read > Duration::from_millis(1900), "{all_read:?}");
    assert!(all_written > Duration::from_millis(200), "{all_written:?}");
    let metrics = app.state.ws().metrics().snapshot();
    let busy = metrics
        .endpoints
        .iter()
        .find(|of| of.endpoint == "limits.rate.busy");
    let delayed = busy.unwrap().delayed;
    assert!((1..=5000).contains(&delayed), "{delayed}");
}

#[tokio::test]
async fn the_neighbours_of_a_client_that_has_to_wait_do_not() {
    let app = App::start().await;
    let mut neighbour = app.connect("/rate/busy").await;
    let (mut client, _written) = flood(&app, "/rate/busy", 10_000).await;
    let flood = tokio::spawn(async move {
        for _ in 0..10_000 {
            client.text().await;
        }
    });
    for n in 0..1000 {
        assert_eq!(neighbour.ask(&n.to_string()).await, n.to_string());
    }
    assert!(!flood.is_finished());
    flood.await.unwrap();
}

#[tokio::test]
async fn twice_the_rate_of_a_minute_passes_at_once() {
    let app = App::start().await;
    let mut client = app.connect("/rate/by-minute").await;
    for _ in 0..120 {
        client.send("hello").await;
    }
    for _ in 0..120 {
        client.text().await;
    }
    // The next one has to wait for a second.
    let begin = Instant::now();
    assert_eq!(client.ask("again").await, "again");
    let waited = begin.elapsed();
    assert!(waited > Duration::from_millis(500), "{waited:?}");
}

#[tokio::test]
async fn a_shutdown_does_not_wait_for_messages_that_have_to() {
    let app = App::start().await;
    let (mut client, written) = flood(&app, "/rate/by-hour", 10_000).await;
    for n in 0..2 {
        assert_eq!(client.text().await.trim_end(), n.to_string());
    }
    let begin = Instant::now();
    app.shut_down();
    assert_eq!(client.closed().await.0, 1012);
    // What it still sends is discarded, until its time to answer the close is over.
    written.await.unwrap();
    drop(client);
    app.ended().await;
    assert!(begin.elapsed() < Duration::from_secs(15));
}
