//! One order for all, and each message once.

use crate::replica::{flush, heard, next, start};
use autumn_ws_core::Channels;
use autumn_ws_replicas::testing::Hub;

#[tokio::test]
async fn a_message_reaches_all_replicas() {
    let hub = Hub::new();
    let [a, b] = [start(&hub).await, start(&hub).await];
    let mut here = a.subscribe("lobby");
    let mut there = b.subscribe("lobby");
    let mut elsewhere = b.subscribe("kitchen");
    flush(&b).await;
    assert_eq!(a.publish("lobby", "text"), 1);
    assert_eq!(a.sender("lobby").send(vec![0, 255]), 1);
    assert_eq!(a.publish("kitchen", "far away"), 0);
    for subscription in [&mut here, &mut there] {
        assert_eq!(next(subscription, 2).await, ["text", r#"b"\0\xff""#]);
    }
    assert_eq!(next(&mut elsewhere, 1).await, ["far away"]);
    flush(&a).await;
    assert!(heard(&mut here).is_empty() && heard(&mut there).is_empty());
}

/// Without waiting: its own messages after it subscribed.
#[tokio::test]
async fn a_new_subscriber_hears_its_own_replica() {
    let hub = Hub::new();
    let channels = start(&hub).await;
    for round in 0..100 {
        let mut subscription = channels.subscribe("lobby");
        channels.publish("lobby", format!("{round}"));
        assert_eq!(next(&mut subscription, 1).await, [format!("{round}")]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_see_the_same_order() {
    const PUBLISHERS: usize = 3;
    const MESSAGES: usize = 2000;
    let hub = Hub::new();
    let mut replicas = Vec::new();
    for _ in 0..3 {
        replicas.push(start(&hub).await);
    }
    let subscribe = |channels: &Channels| channels.subscribe_with_capacity("lobby", 1 << 20);
    let subscriptions: Vec<_> = replicas.iter().map(subscribe).collect();
    for channels in &replicas {
        flush(channels).await;
    }
    for (replica, channels) in replicas.iter().enumerate() {
        for publisher in 0..PUBLISHERS {
            let sender = channels.sender("lobby");
            tokio::spawn(async move {
                for n in 0..MESSAGES {
                    sender.send(format!("{replica}{publisher} {n}"));
                    if n % 64 == 0 {
                        tokio::task::yield_now().await;
                    }
                }
            });
        }
    }
    let count = replicas.len() * PUBLISHERS * MESSAGES;
    let mut orders = Vec::new();
    for mut subscription in subscriptions {
        orders.push(next(&mut subscription, count).await);
    }
    assert!(orders.windows(2).all(|pair| pair[0] == pair[1]));
    // And each publisher's messages in their own order.
    let first = orders.pop().unwrap_or_default();
    let mine = |word: &&String| word.starts_with("10 ");
    let expected = (0..MESSAGES).map(|n| format!("10 {n}"));
    assert!(first.iter().filter(mine).cloned().eq(expected));
}

#[tokio::test]
async fn a_flush_waits_for_everything_published() {
    let hub = Hub::new();
    let [a, b] = [start(&hub).await, start(&hub).await];
    let mut there = b.subscribe("lobby");
    flush(&b).await;
    for n in 0..50 {
        a.publish("lobby", format!("{n}"));
    }
    flush(&a).await;
    assert_eq!(heard(&mut there).len(), 50);
}
