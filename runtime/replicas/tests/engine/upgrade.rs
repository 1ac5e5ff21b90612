//! Requests that wait for an engine before their socket opens.

use crate::replica::{PATIENCE, SHORT, down, expect, flush, options, start, start_with};
use autumn_ws_core::{
    AppState, Closed, Endpoint, Session, Upgrade,
    testing::{Refused, TestClient, TestServer},
};
use autumn_ws_replicas::testing::Hub;
use axum::{Router, extract::State, response::Response, routing::any};
use std::sync::{Arc, Mutex};
use tokio::time::timeout;

struct Single;

impl Endpoint for Single {
    const NAME: &'static str = "single";
    const CONNECTIONS: Option<usize> = Some(1);
}

/// Does only what a session does by itself.
async fn relay(mut session: Session) -> Result<(), Closed> {
    while let Some(event) = session.next().await {
        session.fallback(event).await?;
    }
    Ok(())
}

async fn upgrade(mut upgrade: Upgrade<Single>, State(state): State<AppState>) -> Response {
    upgrade.relay("lobby", state.channels().subscribe("lobby"));
    upgrade.on_upgrade(relay).await
}

fn serve(state: &AppState) -> TestServer {
    let app = Router::new()
        .route("/", any(upgrade))
        .with_state(state.clone());
    TestServer::start(app, state.shutdown())
}

/// A request that is waiting for the engine.
async fn waiting(
    server: &TestServer,
    state: &AppState,
) -> tokio::task::JoinHandle<Result<TestClient, Refused>> {
    let request = tokio::spawn(server.request("/").connect());
    let subscribers = || {
        let channels = state.metrics().snapshot().channels;
        channels
            .iter()
            .map(|family| family.subscribers)
            .sum::<usize>()
    };
    expect(async {
        while subscribers() == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    tokio::time::sleep(SHORT).await;
    assert!(!request.is_finished());
    request
}

fn open_sessions(state: &AppState) -> usize {
    state.metrics().snapshot().endpoints[0].open
}

#[tokio::test]
async fn the_socket_opens_when_its_channels_are_joined() {
    let hub = Hub::new();
    let there = start(&hub).await;
    let state =
        AppState::with_channels(start_with(&hub, options().timeout(PATIENCE)).await.unwrap());
    let server = serve(&state);
    hub.stick();
    let request = waiting(&server, &state).await;
    // It does not count towards the limit yet.
    assert_eq!(open_sessions(&state), 0);
    hub.start();
    let mut client = expect(request).await.unwrap().unwrap();
    assert_eq!(open_sessions(&state), 1);
    there.publish("lobby", "from elsewhere");
    assert_eq!(client.text().await, "from elsewhere");
}

#[tokio::test]
async fn a_shutdown_does_not_wait_for_the_engine() {
    let hub = Hub::new();
    let state =
        AppState::with_channels(start_with(&hub, options().timeout(PATIENCE)).await.unwrap());
    let server = serve(&state);
    hub.stick();
    let request = waiting(&server, &state).await;
    state.shutdown().begin();
    let refused = expect(request).await.unwrap().unwrap_err();
    assert_eq!(refused.status, 503);
    assert_eq!(refused.headers["retry-after"], "1");
    let rejected = &state.metrics().snapshot().endpoints[0].rejected;
    let late = rejected
        .iter()
        .find(|count| count.reason == "shutting_down");
    assert_eq!(late.unwrap().count, 1);
    assert_eq!(open_sessions(&state), 0);
    hub.start();
    expect(server.shutdown()).await;
}

#[tokio::test]
async fn a_client_that_leaves_frees_everything() {
    let hub = Hub::new();
    let state =
        AppState::with_channels(start_with(&hub, options().timeout(PATIENCE)).await.unwrap());
    let server = serve(&state);
    hub.stick();
    waiting(&server, &state).await.abort();
    expect(async {
        while !state.metrics().snapshot().channels.is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(open_sessions(&state), 0);
    hub.start();
    server.connect("/").await;
}

#[tokio::test]
async fn waiting_for_a_silent_engine_is_limited() {
    let hub = Hub::new();
    let state = AppState::with_channels(start_with(&hub, options().timeout(SHORT)).await.unwrap());
    let server = serve(&state);
    hub.stick();
    let mut client = server.connect("/").await;
    down(state.channels()).await;
    state.channels().publish("lobby", "in this process");
    assert_eq!(client.text().await, "in this process");
}

/// Messages that the code publishes after `joined`, before the upgrade, reach its own session.
#[tokio::test]
async fn joined_channels_are_not_waited_for_again() {
    let hub = Hub::new();
    let state =
        AppState::with_channels(start_with(&hub, options().timeout(PATIENCE)).await.unwrap());
    let stuck = Arc::new(Mutex::new(hub.clone()));
    let upgrade = async move |mut upgrade: Upgrade<Single>, State(state): State<AppState>| {
        upgrade.relay("lobby", state.channels().subscribe("lobby"));
        upgrade.joined().await;
        state.channels().publish("lobby", "welcome");
        flush(state.channels()).await;
        stuck.lock().unwrap().stick();
        upgrade.on_upgrade(relay).await
    };
    let app = Router::new()
        .route("/", any(upgrade))
        .with_state(state.clone());
    let server = TestServer::start(app, state.shutdown());
    let mut client = timeout(PATIENCE, server.connect("/")).await.unwrap();
    assert_eq!(client.text().await, "welcome");
    hub.start();
}
