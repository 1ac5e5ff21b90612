//! `limits.rate`: how many messages a client may send.

use crate::app::App;
use std::time::{Duration, Instant};
use test_kit::{Client, Frame, Socket};
use tokio::{
    io::{AsyncWriteExt, join, sink},
    task::JoinHandle,
};

/// 10,000 messages that are numbered.
fn numbered() -> Vec<u8> {
    let message = |n| Frame::text(format!("{n:<200}")).masked();
    (0..10_000).flat_map(message).collect()
}

/// A client that sends all of these messages at once, and in the meantime reads.
async fn flood(app: &App, path: &str, messages: Vec<u8>) -> (Client, JoinHandle<()>) {
    let socket = Socket::open(app.addr, path).await;
    let (reader, mut writer) = socket.stream.into_split();
    let written = tokio::spawn(async move {
        writer.write_all(&messages).await.unwrap();
        // The connection stays open.
        writer.forget();
    });
    (Client::over(join(reader, sink())).await, written)
}

#[tokio::test]
async fn a_client_that_sends_10000_at_once_loses_none() {
    let app = App::start().await;
    let begin = Instant::now();
    let (mut client, written) = flood(&app, "/rate/busy", numbered()).await;
    for n in 0..10_000 {
        assert_eq!(client.text().await.trim_end(), n.to_string());
    }
    // 5,000 at once, and the others in two seconds.
    let lasted = begin.elapsed();
    assert!(lasted > Duration::from_millis(1900), "{lasted:?}");
    written.await.unwrap();
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
    let (mut client, _written) = flood(&app, "/rate/busy", numbered()).await;
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
    let messages = Frame::text("x".repeat(5000)).masked().repeat(10_000);
    let (mut client, written) = flood(&app, "/rate/by-hour", messages).await;
    for _ in 0..2 {
        assert_eq!(client.text().await.len(), 5000);
    }
    // 50 MB are more than the buffers of a connection take: TCP slows the client down.
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!written.is_finished());
    let begin = Instant::now();
    app.shut_down();
    assert_eq!(client.closed().await.0, 1012);
    // What it still sends is discarded, until its time to answer the close is over.
    written.await.unwrap();
    drop(client);
    app.ended().await;
    assert!(begin.elapsed() < Duration::from_secs(15));
}
