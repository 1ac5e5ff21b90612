//! `limits`: how much, how long, how many, and what happens to clients that fall behind.

use crate::app::App;
use autumn_ws::ChannelName;
use test_kit::Client;
use wire_tests::ws::limits::FLOOD_CHANNEL;
use wire_tests::ws::limits::lag::{STEPS_CHANNEL, TICKS_CHANNEL};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

#[tokio::test]
async fn message_size_is_the_largest_that_passes() {
    takes_at_most("/small", KIB).await;
}

#[tokio::test]
async fn message_size_is_one_mebibyte_by_default() {
    takes_at_most("/large", MIB).await;
}

async fn takes_at_most(path: &str, limit: usize) {
    let app = App::start().await;
    let mut client = app.connect(path).await;
    let largest = "x".repeat(limit);
    assert!(client.ask(&largest).await == largest);
    client.send(vec![7; limit]).await;
    assert_eq!(client.binary().await.len(), limit);
    client.send("x".repeat(limit + 1)).await;
    assert_eq!(client.closed().await.0, 1009);
}

#[tokio::test]
async fn heartbeat_pings_a_silent_client() {
    let app = App::start().await;
    let mut client = app.connect("/pinged").await;
    for _ in 0..3 {
        client.pinged().await;
    }
    assert_eq!(client.ask("hello").await, "hello");
}

#[tokio::test]
async fn a_client_that_answers_pings_is_not_idle() {
    let app = App::start().await;
    let mut client = app.connect("/pinged").await;
    // 60 heartbeats are longer than the endpoint's `idle`.
    for _ in 0..60 {
        client.pinged().await;
    }
    assert_eq!(client.ask("hello").await, "hello");
}

#[tokio::test]
async fn a_client_that_does_not_answer_pings_is_idle() {
    let app = App::start().await;
    let mut client = app.connect("/pinged").await.muted().await;
    client.pinged().await;
    assert_eq!(client.closed_after_pings().await.0, 1001);
}

#[tokio::test]
async fn idle_closes_a_silent_client() {
    let app = App::start().await;
    let mut client = app.connect("/idle").await;
    assert_eq!(client.ask("hello").await, "hello");
    // Without a heartbeat, nothing comes before the close.
    assert_eq!(client.closed().await.0, 1001);
}

#[tokio::test]
async fn send_timeout_cuts_a_client_that_reads_nothing() {
    let mut app = App::start().await;
    let client = app.connect("/slow").await;
    // More than the operating system's buffers for a connection.
    for _ in 0..60 {
        assert_eq!(app.publish(FLOOD_CHANNEL, vec![0; MIB / 4]), 1);
    }
    let end = app.note().await;
    assert!(end.starts_with("server 1006 "), "{end}");
    assert_breaks_off(client).await;
}

/// The connection ends in the middle of a message, without a close frame.
async fn assert_breaks_off(mut client: Client) {
    while let Some(Ok(frame)) = client.frame().await {
        assert!(!frame.is_close(), "{frame:?}");
    }
}

#[tokio::test]
async fn connections_beyond_the_limit_get_503() {
    let mut app = App::start().await;
    let mut first = app.connect("/single").await;
    assert_eq!(app.note().await, "visitor");
    assert_eq!(app.note().await, "open");
    let refused = app.refused("/single").await;
    assert_eq!(refused.status(), 503);
    assert_eq!(refused.headers()["retry-after"], "1");
    assert_eq!(first.ask("still here").await, "still here");
    // No code of the endpoint ran for the refused client: the next notes are the next client's.
    app.state.note("refused");
    first.close(1000, "").await;
    let mut second = app.connect("/single").await;
    assert_eq!(second.ask("hello").await, "hello");
    for note in ["refused", "client 1000 ", "visitor", "open"] {
        assert_eq!(app.note().await, note);
    }
}

#[tokio::test]
async fn a_lost_connection_no_longer_counts() {
    let mut app = App::start().await;
    drop(app.connect("/single").await);
    for note in ["visitor", "open", "network 1006 "] {
        assert_eq!(app.note().await, note);
    }
    assert_eq!(app.connect("/single").await.ask("hello").await, "hello");
}

#[tokio::test]
async fn each_endpoint_has_its_own_limit() {
    let app = App::start().await;
    app.state.open_gate(1);
    let mut single = app.connect("/single").await;
    let mut gated = app.connect("/gated/admit").await;
    assert_eq!(single.ask("a").await, "a");
    assert_eq!(gated.ask("b").await, "b");
}

#[tokio::test]
async fn a_refused_client_takes_no_connection() {
    let app = App::start().await;
    app.state.open_gate(3);
    assert_eq!(app.refused("/gated/refuse").await.status(), 403);
    assert_eq!(app.refused("/gated/refuse").await.status(), 403);
    let mut client = app.connect("/gated/admit").await;
    assert_eq!(client.ask("hello").await, "hello");
}

#[tokio::test]
async fn the_last_connection_is_taken_when_open_succeeds() {
    let mut app = App::start().await;
    let one = app.request("/gated/admit").tried();
    let other = app.request("/gated/admit").tried();
    let gate = async {
        // Both are in `open`: neither has the place yet.
        assert_eq!(app.note().await, "open");
        assert_eq!(app.note().await, "open");
        app.state.open_gate(2);
    };
    match tokio::join!(one, other, gate) {
        (Ok(mut client), Err(refused), ()) | (Err(refused), Ok(mut client), ()) => {
            assert_eq!(refused.status(), 503);
            assert_eq!(refused.headers()["retry-after"], "1");
            assert_eq!(client.ask("hello").await, "hello");
        }
        (Ok(_), Ok(_), ()) => panic!("both were let in"),
        (Err(one), Err(other), ()) => panic!("{one:?} {other:?}"),
    }
}

#[tokio::test]
async fn a_channel_keeps_128_messages_by_default() {
    let app = App::start().await;
    let mut client = app.connect("/lag/default").await;
    publish(&app, &STEPS_CHANNEL, 128);
    for n in 0..128 {
        assert_eq!(client.text().await, n.to_string());
    }
    publish(&app, &STEPS_CHANNEL, 129);
    assert_eq!(client.closed().await.0, 1013);
}

#[tokio::test]
async fn a_channel_keeps_as_many_messages_as_its_capacity() {
    let app = App::start().await;
    let mut client = app.connect("/lag/closing").await;
    publish(&app, &TICKS_CHANNEL, 4);
    for n in 0..4 {
        assert_eq!(client.text().await, n.to_string());
    }
    publish(&app, &TICKS_CHANNEL, 5);
    assert_eq!(client.closed().await.0, 1013);
}

#[tokio::test]
async fn lag_skip_continues_with_the_remaining_messages() {
    let app = App::start().await;
    let mut client = app.connect("/lag/skipping").await;
    publish(&app, &TICKS_CHANNEL, 10);
    for n in 6..10 {
        assert_eq!(client.text().await, n.to_string());
    }
    publish(&app, &TICKS_CHANNEL, 1);
    assert_eq!(client.text().await, "0");
}

#[tokio::test]
async fn lag_handle_passes_the_number_of_missed_messages() {
    let app = App::start().await;
    let mut client = app.connect("/lag/handling").await;
    publish(&app, &TICKS_CHANNEL, 10);
    assert_eq!(client.text().await, "6 missed of ticks");
    for n in 6..10 {
        assert_eq!(client.text().await, n.to_string());
    }
}

/// Publishes 0, 1, 2 … at once: tests run in one thread, so the session cannot read in between.
fn publish(app: &App, channel: &ChannelName, count: u32) {
    for n in 0..count {
        assert_eq!(app.publish(channel, n.to_string()), 1);
    }
}
