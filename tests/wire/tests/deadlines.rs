//! `tick`, `limits.lifetime`, `shutdown.spread`, and sessions that expire.

use crate::app::App;
use std::time::{Duration, Instant};

#[tokio::test]
async fn on_tick_runs_without_a_message() {
    let app = App::start().await;
    let begin = Instant::now();
    let mut client = app.connect("/ticking").await;
    for n in 1..=5 {
        assert_eq!(client.text().await, format!("tick {n}"));
    }
    assert!(begin.elapsed() >= Duration::from_millis(490));
}

#[tokio::test]
async fn a_session_that_expires_is_closed_with_4401() {
    let mut app = App::start().await;
    let begin = Instant::now();
    let mut client = app.connect("/expiring/300").await;
    assert_eq!(client.closed().await, (4401, "expired".to_owned()));
    assert!(begin.elapsed() >= Duration::from_millis(290));
    assert_eq!(app.note().await, "server 4401 expired");
    let metrics = app.state.ws().metrics().snapshot();
    let closed = metrics.endpoints.iter().flat_map(|of| &of.closed);
    let expired: u64 = closed
        .filter(|of| of.code == "4401")
        .map(|of| of.count)
        .sum();
    assert_eq!(expired, 1);
}

#[tokio::test]
async fn a_client_that_renews_stays() {
    let app = App::start().await;
    let begin = Instant::now();
    let mut client = app.connect("/expiring/600").await;
    while begin.elapsed() < Duration::from_millis(1500) {
        assert_eq!(client.ask("renew").await, "renew");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(client.closed().await.0, 4401);
}

/// A message that is handled when the session expires is not answered any more.
#[tokio::test]
async fn nothing_is_sent_after_a_session_has_expired() {
    let mut app = App::start().await;
    let mut client = app.connect("/expiring/200").await;
    client.send("slow").await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    app.state.open_gate(1);
    assert_eq!(client.closed().await.0, 4401);
    assert_eq!(app.note().await, "server 4401 expired");
}

#[tokio::test]
async fn a_lifetime_ends_a_little_early() {
    let app = App::start().await;
    let begin = Instant::now();
    let mut client = app.connect("/short").await;
    assert_eq!(client.ask("hello").await, "hello");
    assert_eq!(client.closed().await, (4401, "expired".to_owned()));
    let lasted = begin.elapsed();
    assert!(lasted >= Duration::from_millis(890), "{lasted:?}");
}

#[tokio::test]
async fn goodbyes_are_spread_over_time() {
    let app = App::start().await;
    let mut clients = Vec::new();
    for _ in 0..20 {
        clients.push(app.connect("/spread").await);
    }
    let begin = Instant::now();
    app.shut_down();
    let ends = clients.into_iter().map(|mut client| {
        tokio::spawn(async move {
            assert_eq!(client.closed().await.0, 1012);
            begin.elapsed()
        })
    });
    let mut times = Vec::new();
    for end in ends.collect::<Vec<_>>() {
        times.push(end.await.unwrap());
    }
    times.sort_unstable();
    let between = times[19].saturating_sub(times[0]);
    assert!(between > Duration::from_millis(300), "{times:?}");
    app.ended().await;
}
