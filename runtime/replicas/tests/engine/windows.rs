//! Subscriptions that are just beginning.

use crate::{
    faults::Slow,
    line::Line,
    replica::{SHORT, down, expect, flush, heard, options, start, start_with},
};
use autumn_ws_core::{
    AppState, Channels, Endpoint, Missed, Session, Upgrade,
    testing::{TestServer, gap},
};
use autumn_ws_replicas::{connect, testing::Hub};
use axum::{Router, extract::State, routing::any};
use std::time::Duration;
use tokio::{task::yield_now, time::timeout};

/// After `joined`, nothing is missed.
#[tokio::test]
async fn after_joined_nothing_is_missed() {
    let hub = Hub::new();
    let here = expect(connect(Slow(hub.clone()), options())).await.unwrap();
    let there = start(&hub).await;
    for n in 0..100 {
        let mut lobby = here.subscribe("lobby");
        expect(lobby.joined()).await;
        there.publish("lobby", n.to_string());
        flush(&there).await;
        flush(&here).await;
        assert_eq!(heard(&mut lobby), [n.to_string()]);
    }
}

/// Without `joined`: a message is published before the engine knows the subscription.
#[tokio::test]
async fn before_joined_messages_may_be_missed() {
    let hub = Hub::new();
    let here = expect(connect(Slow(hub.clone()), options())).await.unwrap();
    let there = start(&hub).await;
    let mut lobby = here.subscribe("lobby");
    there.publish("lobby", "unheard");
    flush(&there).await;
    expect(lobby.joined()).await;
    assert!(heard(&mut lobby).is_empty());
}

#[tokio::test]
async fn joined_does_not_wait_for_an_engine_that_is_away() {
    let hub = Hub::new();
    let channels = start(&hub).await;
    hub.stop();
    down(&channels).await;
    let mut lobby = channels.subscribe("lobby");
    expect(lobby.joined()).await;
    hub.start();
    flush(&channels).await;
    assert_eq!(heard(&mut lobby), ["GAP"]);
    expect(lobby.joined()).await;
}

/// It counts as away after the timeout.
#[tokio::test]
async fn joined_does_not_wait_for_a_silent_engine() {
    let hub = Hub::new();
    let channels = start_with(&hub, options().timeout(SHORT)).await.unwrap();
    hub.stick();
    let mut lobby = channels.subscribe("lobby");
    expect(lobby.joined()).await;
    assert!(!channels.is_connected());
}

/// A subscriber that joins while a connection opens comes after the probe whose answer makes the
/// gap, so it gets none.
#[tokio::test]
async fn a_subscription_during_connecting_waits_for_it() {
    let hub = Hub::new();
    let here = start_with(&hub, options().timeout(Duration::from_secs(30)))
        .await
        .unwrap();
    let there = start(&hub).await;
    hub.stop();
    down(&here).await;
    hub.stick();
    let opened = hub.opened();
    expect(hub.until(|hub| hub.opened() > opened + 1)).await;
    // Both have sent a probe, which is not answered yet.
    tokio::time::sleep(SHORT).await;
    let mut lobby = here.subscribe("lobby");
    assert!(timeout(SHORT, lobby.joined()).await.is_err());
    hub.start();
    expect(lobby.joined()).await;
    flush(&there).await;
    there.publish("lobby", "hello");
    flush(&there).await;
    flush(&here).await;
    let heard = heard(&mut lobby);
    assert_eq!(heard.last().unwrap(), "hello", "{heard:?}");
}

/// A subscriber that rejoins at once might get messages meant for the one that left, followed by a
/// hole.
#[tokio::test]
async fn messages_before_the_subscription_are_dropped() {
    let hub = Hub::new();
    let [here, there] = [start(&hub).await, start(&hub).await];
    let mut lobby = here.subscribe("lobby");
    expect(lobby.joined()).await;
    hub.stick();
    drop(lobby);
    let mut lobby = here.subscribe("lobby");
    // It still listens for the one that left, so this arrives before the hub carries out the
    // command.
    let frame = b"\xa7W\x01\x01somebodyelsessss?";
    hub.inject("channel:lobby", &frame[..]);
    {
        let mut joined = std::pin::pin!(lobby.joined());
        assert!(timeout(SHORT, joined.as_mut()).await.is_err());
        hub.start();
        expect(joined).await;
    }
    assert!(heard(&mut lobby).is_empty());
    there.publish("lobby", "hello");
    flush(&there).await;
    flush(&here).await;
    assert_eq!(heard(&mut lobby), ["hello"]);
}

struct Quiet;

impl Endpoint for Quiet {
    const NAME: &'static str = "quiet";
    const GAP: Missed = Missed::Handle;
}

/// A socket that opens while the connection opens has not missed anything, so it gets no gap.
#[tokio::test]
async fn opening_sockets_get_no_gap() {
    let hub = Hub::new();
    let channels = start(&hub).await;
    let state = AppState::with_channels(channels.clone());
    let upgrade = async |mut upgrade: Upgrade<Quiet>, State(state): State<AppState>| {
        upgrade.subscribe("lobby", state.channels().subscribe("lobby"));
        // As if the connection had just opened.
        let _ = gap(state.channels(), "lobby");
        upgrade.joined().await;
        upgrade
            .on_upgrade(async |mut session: Session| {
                while let Some(event) = session.next().await {
                    session.send(format!("{event:?}")).await?;
                }
                Ok(())
            })
            .await
    };
    let app = Router::new()
        .route("/", any(upgrade))
        .with_state(state.clone());
    let server = TestServer::start(app, state.shutdown());
    let mut client = server.connect("/").await;
    channels.publish("lobby", "hello");
    let heard = client.text().await;
    assert!(heard.contains("hello"), "{heard}");
    let _ = gap(&channels, "lobby");
    let heard = client.text().await;
    assert!(heard.contains("Gap"), "{heard}");
}

#[tokio::test]
async fn without_an_engine_there_is_nothing_to_wait_for() {
    let channels = Channels::new();
    expect(channels.subscribe("lobby").joined()).await;
}

/// The answer to a probe from before a subscription proves nothing about it.
#[tokio::test]
async fn a_flush_waits_for_its_own_answer() {
    let hub = Hub::new();
    let line = Line::new(&hub, 100);
    let here = expect(connect(line.clone(), options()));
    let here = here.await.unwrap();
    let there = start(&hub).await;
    line.hold();
    let flushing = || {
        let here = here.clone();
        tokio::spawn(async move { flush(&here).await })
    };
    let before = flushing();
    yield_now().await;
    let mut lobby = here.subscribe("lobby");
    let after = flushing();
    yield_now().await;
    line.release();
    after.await.unwrap();
    there.publish("lobby", "hello");
    flush(&there).await;
    before.await.unwrap();
    assert_eq!(heard(&mut lobby), ["hello"]);
}
