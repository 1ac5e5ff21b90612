//! `limits.gap`: what happens to a client when messages of other replicas may be missing.
//!
//! Tests run in one thread, so a session only runs while a test awaits something.

use crate::app::App;
use wire_tests::ws::limits::gap::{NEWS_CHANNEL, TIDES_CHANNEL};

#[tokio::test]
async fn gap_closes_by_default() {
    let app = App::start().await;
    let mut client = app.connect("/gap/default").await;
    assert_eq!(client.ask("hello").await, "hello");
    assert_eq!(app.gap(NEWS_CHANNEL), 1);
    assert_eq!(
        client.closed().await,
        (1012, "messages may be missing".to_owned())
    );
}

#[tokio::test]
async fn gap_close_comes_after_earlier_messages() {
    let app = App::start().await;
    let mut client = app.connect("/gap/closing").await;
    app.publish(NEWS_CHANNEL, "before");
    app.gap(NEWS_CHANNEL);
    app.publish(NEWS_CHANNEL, "after");
    assert_eq!(client.text().await, "before");
    assert_eq!(client.closed().await.0, 1012);
}

#[tokio::test]
async fn gap_skip_continues() {
    let app = App::start().await;
    let mut client = app.connect("/gap/skipping").await;
    app.publish(NEWS_CHANNEL, "before");
    app.gap(NEWS_CHANNEL);
    app.publish(NEWS_CHANNEL, "after");
    assert_eq!(client.text().await, "before");
    assert_eq!(client.text().await, "after");
}

#[tokio::test]
async fn gap_handle_passes_the_channel_to_the_code() {
    let app = App::start().await;
    let mut client = app.connect("/gap/handling").await;
    app.publish(NEWS_CHANNEL, "before");
    assert_eq!(app.gap(NEWS_CHANNEL), 1);
    app.publish(NEWS_CHANNEL, "after");
    for text in ["before", "a gap in news", "after"] {
        assert_eq!(client.text().await, text);
    }
    assert_eq!(app.gap("weather"), 1);
    assert_eq!(client.text().await, "a gap in the weather");
}

#[tokio::test]
async fn a_gap_reaches_each_present_listener_once() {
    let app = App::start().await;
    let mut early = app.connect("/gap/handling").await;
    assert_eq!(app.gap(TIDES_CHANNEL), 1);
    assert_eq!(app.gap(TIDES_CHANNEL), 1);
    let mut late = app.connect("/gap/handling").await;
    app.publish(TIDES_CHANNEL, "high water");
    assert_eq!(early.text().await, "a gap in tides");
    for client in [&mut early, &mut late] {
        assert_eq!(client.text().await, "high water");
    }
}

#[tokio::test]
async fn a_gap_reaches_a_lagging_listener_too() {
    let app = App::start().await;
    let mut client = app.connect("/gap/handling").await;
    app.publish(TIDES_CHANNEL, "0");
    app.gap(TIDES_CHANNEL);
    for tide in 1..10 {
        app.publish(TIDES_CHANNEL, tide.to_string());
    }
    for text in ["a gap in tides", "6", "7", "8", "9"] {
        assert_eq!(client.text().await, text);
    }
}

#[tokio::test]
async fn a_gap_everywhere_is_reported_for_every_channel() {
    let app = App::start().await;
    let mut client = app.connect("/gap/handling").await;
    let mut echo = app.connect("/echoed").await;
    assert_eq!(autumn_ws::testing::gaps(app.state.ws().channels()), 3);
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(client.text().await);
    }
    seen.sort();
    assert_eq!(
        seen,
        ["a gap in news", "a gap in the weather", "a gap in tides"]
    );
    // A client without channels misses nothing.
    assert_eq!(echo.ask("hello").await, "hello");
}

#[tokio::test]
async fn a_gap_before_a_shutdown_comes_before_the_goodbye() {
    let app = App::start().await;
    let mut client = app.connect("/gap/handling").await;
    app.publish(NEWS_CHANNEL, "the last");
    app.gap(NEWS_CHANNEL);
    app.shut_down();
    assert_eq!(client.text().await, "the last");
    assert_eq!(client.text().await, "a gap in news");
    assert_eq!(client.closed().await.0, 1012);
}
