//! Outages: who hears what, and who gets a gap.

use crate::{
    line::Line,
    replica::{SHORT, down, expect, flush, heard, next, options, start, start_with},
};
use autumn_ws_core::testing::gap;
use autumn_ws_replicas::{connect, testing::Hub};
use tokio::task::yield_now;

#[tokio::test]
async fn an_outage_leaves_one_gap() {
    let hub = Hub::new();
    let [a, b] = [start(&hub).await, start(&hub).await];
    let mut here = a.subscribe("lobby");
    let mut there = b.subscribe("lobby");
    flush(&b).await;
    a.publish("lobby", "before");
    flush(&a).await;
    hub.stop();
    down(&a).await;
    down(&b).await;
    assert_eq!(a.publish("lobby", "alone"), 1);
    // It arrives at once.
    assert_eq!(heard(&mut here), ["before", "alone"]);
    let mut late = a.subscribe("lobby");
    hub.start();
    flush(&a).await;
    flush(&b).await;
    let mut later = a.subscribe("lobby");
    a.publish("lobby", "after");
    assert_eq!(next(&mut here, 2).await, ["GAP", "after"]);
    assert_eq!(next(&mut late, 2).await, ["GAP", "after"]);
    assert_eq!(next(&mut later, 1).await, ["after"]);
    flush(&a).await;
    let there = heard(&mut there);
    // Its own gap, and the notice about `alone`, which may be one or two.
    let gaps = there.iter().filter(|word| *word == "GAP").count();
    assert!((1..=2).contains(&gaps), "{there:?}");
    assert_eq!((&*there[0], &*there[there.len() - 1]), ("before", "after"));
    assert!(heard(&mut here).is_empty());
}

/// Only one replica was cut off, and published in the meantime.
#[tokio::test]
async fn the_others_get_gaps_on_the_affected_channels() {
    let hub = Hub::new();
    let [a, b] = [start(&hub).await, start(&hub).await];
    let mut lobby = b.subscribe("lobby");
    let mut kitchen = b.subscribe("kitchen");
    flush(&b).await;
    // Nothing arrives, and nothing comes back.
    hub.block();
    a.publish("lobby", "lost on the way");
    hub.cut();
    down(&a).await;
    down(&b).await;
    hub.start();
    flush(&a).await;
    flush(&b).await;
    // The gap of the outage itself.
    assert!(heard(&mut kitchen).iter().all(|word| word == "GAP"));
    assert!(heard(&mut lobby).iter().all(|word| word == "GAP"));
    assert_eq!(gap(&b, "lobby"), 1);
    assert_eq!(heard(&mut lobby), ["GAP"]);
}

#[tokio::test]
async fn messages_in_flight_at_an_outage_are_delivered_locally_once_and_in_order() {
    let hub = Hub::new();
    let replica = start_with(&hub, options().timeout(SHORT)).await.unwrap();
    let mut lobby = replica.subscribe("lobby");
    flush(&replica).await;
    hub.stick();
    for n in 0..5 {
        assert_eq!(replica.publish("lobby", format!("{n}")), 1);
    }
    assert!(heard(&mut lobby).is_empty());
    down(&replica).await;
    replica.publish("lobby", "5");
    assert_eq!(next(&mut lobby, 6).await, ["0", "1", "2", "3", "4", "5"]);
    // Now it carries out earlier commands, which changes nothing here.
    hub.start();
    flush(&replica).await;
    assert_eq!(heard(&mut lobby), ["GAP"]);
}

#[tokio::test]
async fn a_full_queue_is_an_outage() {
    let hub = Hub::new();
    let replica = start_with(&hub, options().queue(100, 1 << 20))
        .await
        .unwrap();
    let mut lobby = replica.subscribe_with_capacity("lobby", 10_000);
    flush(&replica).await;
    hub.block();
    // A few of the waiting commands are probes.
    for n in 0..90 {
        replica.publish("lobby", format!("{n}"));
    }
    assert!(replica.is_connected());
    assert!(heard(&mut lobby).is_empty());
    for n in 90..101 {
        replica.publish("lobby", format!("{n}"));
    }
    assert!(!replica.is_connected());
    for n in 101..150 {
        replica.publish("lobby", format!("{n}"));
    }
    let expected: Vec<_> = (0..150).map(|n| n.to_string()).collect();
    assert_eq!(next(&mut lobby, 150).await, expected);
    hub.start();
    flush(&replica).await;
    assert_eq!(heard(&mut lobby), ["GAP"]);
}

#[tokio::test]
async fn bytes_fill_the_queue_too() {
    let hub = Hub::new();
    let replica = start_with(&hub, options().queue(100, 1000)).await.unwrap();
    hub.block();
    for _ in 0..2 {
        replica.publish("lobby", "x".repeat(1000));
    }
    assert!(replica.is_connected());
    replica.publish("lobby", "x");
    assert!(!replica.is_connected());
}

#[tokio::test]
async fn many_names_are_one_notice() {
    let hub = Hub::new();
    let [a, b] = [start(&hub).await, start(&hub).await];
    let mut lobby = b.subscribe("lobby");
    flush(&b).await;
    hub.stop();
    down(&a).await;
    for n in 0..5000 {
        a.publish(format!("{n}"), "alone");
    }
    hub.start();
    flush(&b).await;
    heard(&mut lobby);
    let before = hub.published();
    flush(&a).await;
    assert!(hub.published() - before < 10);
}

#[tokio::test]
async fn a_message_that_is_too_large_is_a_gap_elsewhere() {
    let hub = Hub::new();
    hub.limit(100);
    let [a, b] = [start(&hub).await, start(&hub).await];
    let mut here = a.subscribe("lobby");
    let mut there = b.subscribe("lobby");
    flush(&b).await;
    let large = "x".repeat(81);
    for text in [&large[..80], &large, "after"] {
        a.publish("lobby", text);
    }
    flush(&a).await;
    assert_eq!(heard(&mut here), [&large[..80], &large, "after"]);
    assert_eq!(heard(&mut there), [&large[..80], "GAP", "after"]);
}

#[tokio::test]
async fn an_outage_during_the_notice_of_an_outage() {
    let hub = Hub::new();
    let [a, b] = [start(&hub).await, start(&hub).await];
    let mut there = b.subscribe("lobby");
    flush(&b).await;
    for round in 0..20 {
        hub.stop();
        down(&a).await;
        a.publish("lobby", format!("{round}"));
        hub.start();
        yield_now().await;
        hub.cut();
    }
    flush(&a).await;
    flush(&b).await;
    a.publish("lobby", "last");
    flush(&a).await;
    let heard = heard(&mut there);
    assert!(heard.len() > 1);
    assert_eq!(heard.last().unwrap(), "last");
    assert_eq!(heard[heard.len() - 2], "GAP");
}

/// The line is cut again just before the notice, about one channel or too many.
#[tokio::test]
async fn a_lost_notice_is_sent_again() {
    for others in [0, 10] {
        let hub = Hub::new();
        let line = Line::new(&hub, 100);
        let a = connect(line.clone(), options().queue(16, 1 << 20));
        let a = expect(a).await.unwrap();
        let b = start(&hub).await;
        let mut there = b.subscribe("lobby");
        flush(&b).await;
        line.cut();
        down(&a).await;
        a.publish("lobby", "alone");
        for n in 0..others {
            a.publish(n.to_string(), "alone");
        }
        expect(async {
            while !a.is_connected() {
                yield_now().await;
            }
        })
        .await;
        assert!(heard(&mut there).is_empty(), "it was too fast for the test");
        line.cut();
        down(&a).await;
        flush(&a).await;
        assert_eq!(heard(&mut there), ["GAP"]);
    }
}

/// A subscriber that gets a gap can publish at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_gap_the_engine_is_connected() {
    let hub = Hub::new();
    let replica = start(&hub).await;
    let mut lobby = replica.subscribe("lobby");
    for _ in 0..50 {
        flush(&replica).await;
        hub.cut();
        assert_eq!(next(&mut lobby, 1).await, ["GAP"]);
        assert!(replica.is_connected());
    }
}
