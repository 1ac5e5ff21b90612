//! Only what is needed travels.

use crate::replica::{flush, options, start, start_with};
use autumn_ws_core::Channels;
use autumn_ws_replicas::testing::Hub;

/// The subscribed channels.
async fn channels(hub: &Hub, replica: &Channels) -> Vec<String> {
    flush(replica).await;
    let subjects = hub.subjects().into_iter();
    let channels = subjects.filter_map(|s| s.strip_prefix("channel:").map(String::from));
    channels.collect()
}

#[tokio::test]
async fn a_replica_joins_with_its_first_subscriber_and_leaves_with_its_last() {
    let hub = Hub::new();
    let replica = start(&hub).await;
    let _sender = replica.sender("lobby");
    assert!(channels(&hub, &replica).await.is_empty());
    let first = replica.subscribe("lobby");
    let second = replica.subscribe("lobby");
    let _other = replica.subscribe("kitchen");
    assert_eq!(channels(&hub, &replica).await, ["kitchen", "lobby"]);
    drop(first);
    assert_eq!(channels(&hub, &replica).await, ["kitchen", "lobby"]);
    drop(second);
    assert_eq!(channels(&hub, &replica).await, ["kitchen"]);
    let _again = replica.subscribe("lobby");
    assert_eq!(channels(&hub, &replica).await, ["kitchen", "lobby"]);
}

#[tokio::test]
async fn subscriptions_changed_during_an_outage_are_right_afterwards() {
    let hub = Hub::new();
    let replica = start(&hub).await;
    let before = replica.subscribe("before");
    let _stays = replica.subscribe("stays");
    flush(&replica).await;
    hub.stop();
    let _meanwhile = replica.subscribe("meanwhile");
    drop(before);
    hub.start();
    assert_eq!(channels(&hub, &replica).await, ["meanwhile", "stays"]);
}

#[tokio::test]
async fn more_channels_than_the_queue_can_hold() {
    let hub = Hub::new();
    let replica = start_with(&hub, options().queue(16, 1 << 20))
        .await
        .unwrap();
    let names = (0..500).map(|n| format!("{n}"));
    let mut subscriptions: Vec<_> = names.map(|name| replica.subscribe(name)).collect();
    assert_eq!(channels(&hub, &replica).await.len(), 500);
    hub.cut();
    assert_eq!(channels(&hub, &replica).await.len(), 500);
    subscriptions.clear();
    assert!(channels(&hub, &replica).await.is_empty());
}

#[tokio::test]
async fn a_replica_that_is_gone_leaves_nothing_behind() {
    let hub = Hub::new();
    let replica = start(&hub).await;
    let mut subscription = replica.subscribe("lobby");
    flush(&replica).await;
    drop(replica);
    assert!(subscription.recv().await.is_err());
    hub.until(|hub| hub.subjects().is_empty()).await;
}
