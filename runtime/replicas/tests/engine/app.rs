//! An application over an engine: its shutdown, readiness and metrics.

use crate::replica::{PATIENCE, SHORT, down, expect, flush, heard, options, start, start_with};
use autumn_ws_core::{
    AppState, Closed, Endpoint, Event, Readiness, Session, Upgrade, ready, testing::TestServer,
};
use autumn_ws_replicas::testing::Hub;
use axum::{Router, extract::State, http::StatusCode, response::Response, routing::any};

struct Polite;

impl Endpoint for Polite {
    const NAME: &'static str = "polite";
}

async fn upgrade(upgrade: Upgrade<Polite>, State(state): State<AppState>) -> Response {
    upgrade
        .on_upgrade(move |session| polite(session, state))
        .await
}

/// Says goodbye on the channel.
async fn polite(mut session: Session, state: AppState) -> Result<(), Closed> {
    while let Some(event) = session.next().await {
        if matches!(event, Event::Shutdown) {
            state.channels().publish("lobby", "goodbye");
            session.close(1001, "goodbye").await?;
        }
    }
    Ok(())
}

fn router(state: &AppState) -> Router {
    Router::new()
        .route("/", any(upgrade))
        .with_state(state.clone())
}

#[tokio::test]
async fn goodbyes_reach_the_other_replicas() {
    let hub = Hub::new();
    let there = start(&hub).await;
    let mut lobby = there.subscribe("lobby");
    flush(&there).await;
    let state = AppState::with_channels(start(&hub).await);
    let server = TestServer::start(router(&state), state.shutdown());
    let mut client = server.connect("/").await;
    hub.block();
    let ending = tokio::spawn(server.shutdown());
    assert_eq!(client.closed().await.code(), 1001);
    assert_eq!(state.readiness(), Readiness::ShuttingDown);
    assert!(!ending.is_finished());
    hub.start();
    expect(ending).await.unwrap();
    assert_eq!(heard(&mut lobby), ["goodbye"]);
}

#[tokio::test]
async fn goodbyes_reach_the_other_replicas_when_drained_by_hand() {
    let hub = Hub::new();
    let there = start(&hub).await;
    let mut lobby = there.subscribe("lobby");
    flush(&there).await;
    let state = AppState::with_channels(start(&hub).await);
    let server = TestServer::start(router(&state), state.shutdown());
    let mut client = server.connect("/").await;
    let shutdown = state.shutdown();
    let (left, closed) = tokio::join!(shutdown.drain(PATIENCE), client.closed());
    assert_eq!((left, closed.code()), (0, 1001));
    assert_eq!(heard(&mut lobby), ["goodbye"]);
}

/// An engine that is away does not keep the process from ending.
#[tokio::test]
async fn the_shutdown_does_not_wait_forever() {
    let hub = Hub::new();
    let channels = start_with(&hub, options().timeout(SHORT)).await.unwrap();
    let state = AppState::with_channels(channels);
    let server = TestServer::start(router(&state), state.shutdown());
    hub.stop();
    down(state.channels()).await;
    expect(server.shutdown()).await;
}

async fn status(state: &AppState) -> (Readiness, StatusCode) {
    let response = ready(State(state.clone())).await;
    (state.readiness(), response.status())
}

#[tokio::test]
async fn readiness_follows_the_engine() {
    let hub = Hub::new();
    let state = AppState::with_channels(start(&hub).await);
    let unavailable = StatusCode::SERVICE_UNAVAILABLE;
    assert_eq!(status(&state).await, (Readiness::Ready, StatusCode::OK));
    hub.stop();
    down(state.channels()).await;
    assert_eq!(status(&state).await, (Readiness::Disconnected, unavailable));
    hub.start();
    flush(state.channels()).await;
    assert_eq!(status(&state).await, (Readiness::Ready, StatusCode::OK));
    state.shutdown().begin();
    assert_eq!(status(&state).await, (Readiness::ShuttingDown, unavailable));
    assert_eq!(status(&AppState::new()).await.0, Readiness::Ready);
}

#[tokio::test]
async fn metrics_show_outages() {
    let hub = Hub::new();
    let state = AppState::with_channels(start(&hub).await);
    let other = start(&hub).await;
    let mut lobby = state.channels().subscribe("lobby");
    flush(state.channels()).await;
    let engine = || state.metrics().snapshot().engine.unwrap();
    assert!(engine().connected);
    assert!(!engine().round_trip.is_zero());

    state.channels().publish("lobby", "1");
    state.channels().publish("elsewhere", "2");
    other.publish("lobby", "3");
    hub.inject("channel:lobby", "none of ours");
    flush(state.channels()).await;
    flush(&other).await;
    assert_eq!(heard(&mut lobby), ["1", "3"]);
    let seen = engine();
    assert_eq!((seen.published, seen.received, seen.ignored), (2, 1, 1));
    assert_eq!((seen.queue, seen.queue_bytes), (0, 0));

    hub.block();
    state.channels().publish("lobby", "12345");
    assert_eq!((engine().queue, engine().queue_bytes), (1, 5));
    hub.stop();
    down(state.channels()).await;
    down(&other).await;
    state.channels().publish("lobby", "alone");
    other.publish("lobby", "alone, too");
    hub.start();
    flush(state.channels()).await;
    flush(&other).await;
    flush(state.channels()).await;
    let seen = engine();
    assert_eq!((seen.outages, seen.reconnects), (1, 1));
    assert_eq!((seen.dropped, seen.gaps_sent), (2, 1));
    assert_eq!((seen.published, seen.received), (3, 1));

    let text = state.metrics().prometheus();
    for line in [
        "autumn_ws_engine_connected 1",
        "autumn_ws_engine_outages_total 1",
        "autumn_ws_engine_gaps_total{direction=\"out\"} 1",
    ] {
        assert!(text.lines().any(|other| other == line), "{line}: {text}");
    }
    let read: serde_json::Value = serde_json::from_str(&state.metrics().json()).unwrap();
    assert_eq!(read["engine"]["connected"], true);
    assert_eq!(read["engine"]["dropped"], 2);
    // Without an engine there are no metrics of one.
    let text = AppState::new().metrics().prometheus();
    assert!(!text.contains("engine"), "{text}");
}
