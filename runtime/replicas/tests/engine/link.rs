//! Connecting and reconnecting.

use crate::replica::{PATIENCE, SHORT, down, expect, flush, options, start, start_with};
use autumn_ws_core::Channels;
use autumn_ws_replicas::{connect, testing::Hub};
use std::time::Duration;
use tokio::time::timeout;

#[tokio::test]
async fn a_refusal_at_the_start_is_an_error() {
    let hub = Hub::new();
    hub.refuse();
    let error = start_with(&hub, options()).await.unwrap_err();
    assert!(error.is_refused());
    assert_eq!(error.to_string(), "hub: the hub refuses");
}

#[tokio::test]
async fn an_engine_that_is_away_at_the_start_is_waited_for() {
    let hub = Hub::new();
    hub.stop();
    let starting = tokio::spawn(connect(hub.clone(), options()));
    tokio::task::yield_now().await;
    assert!(!starting.is_finished());
    hub.start();
    assert!(expect(starting).await.unwrap().unwrap().is_connected());
}

#[tokio::test]
async fn an_engine_that_does_not_answer_at_the_start_is_tried_again() {
    let hub = Hub::new();
    hub.stick();
    let starting = tokio::spawn(connect(hub.clone(), options().timeout(SHORT)));
    expect(hub.until(|hub| hub.opened() > 2)).await;
    assert!(!starting.is_finished());
    hub.start();
    assert!(expect(starting).await.unwrap().unwrap().is_connected());
}

/// Waiting for the engine can be abandoned.
#[tokio::test]
async fn an_abandoned_wait_leaves_no_task() {
    let hub = Hub::new();
    hub.stick();
    let starting = connect(hub.clone(), options().timeout(SHORT));
    let given_up = timeout(SHORT, starting).await;
    assert!(given_up.is_err());
    expect(hub.until(|hub| hub.subjects().is_empty())).await;
    let opened = hub.opened();
    hub.start();
    // Its task has ended, so nothing arrives.
    tokio::task::yield_now().await;
    assert_eq!(hub.opened(), opened);
}

/// After the start, a refusal may be temporary: a password may be about to change everywhere.
#[tokio::test]
async fn a_refusal_later_is_an_outage() {
    let hub = Hub::new();
    let replica = start(&hub).await;
    hub.refuse();
    down(&replica).await;
    assert!(!replica.flush(SHORT).await);
    hub.start();
    flush(&replica).await;
    assert!(replica.is_connected());
}

#[tokio::test]
async fn an_engine_that_stops_reading_is_away() {
    let hub = Hub::new();
    let replica = start_with(&hub, options().timeout(SHORT)).await.unwrap();
    hub.block();
    // With and without something to send.
    down(&replica).await;
    hub.start();
    flush(&replica).await;
    hub.block();
    replica.publish("lobby", "hello");
    down(&replica).await;
    hub.start();
    flush(&replica).await;
}

#[tokio::test]
async fn an_engine_that_stops_answering_is_away() {
    let hub = Hub::new();
    let replica = start_with(&hub, options().timeout(SHORT)).await.unwrap();
    hub.stick();
    down(&replica).await;
    hub.start();
    flush(&replica).await;
}

#[tokio::test]
async fn an_engine_that_answers_stays_connected() {
    let hub = Hub::new();
    let replica = start_with(&hub, options().timeout(SHORT)).await.unwrap();
    let before = hub.published();
    // There are probes, all of them answered.
    expect(hub.until(|hub| hub.published() > before + 10)).await;
    assert!(replica.is_connected());
    assert_eq!(hub.opened(), 1);
}

#[tokio::test]
async fn a_flush_waits_for_the_engine_to_come_back() {
    let hub = Hub::new();
    let replica = start(&hub).await;
    hub.stop();
    down(&replica).await;
    assert!(!replica.flush(Duration::ZERO).await);
    let flushing = {
        let replica = replica.clone();
        tokio::spawn(async move { replica.flush(PATIENCE).await })
    };
    tokio::task::yield_now().await;
    assert!(!flushing.is_finished());
    hub.start();
    assert!(flushing.await.unwrap());
}

#[tokio::test]
async fn channels_without_an_engine_are_always_connected() {
    let channels = Channels::new();
    assert!(channels.is_connected());
    assert!(channels.flush(Duration::ZERO).await);
}
