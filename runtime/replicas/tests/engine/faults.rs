//! Faulty engines, messages and options.

use crate::replica::{SHORT, down, expect, flush, heard, next, options, start, start_with};
use autumn_ws_core::{Bytes, Channels};
use autumn_ws_replicas::{
    Command, Connection, Engine, EngineError, Inbox, connect,
    testing::{Hub, HubConnection},
};
use std::{sync::mpsc, thread, time::Duration};
use tokio::{runtime::Runtime, task::yield_now};

/// A hub that sends slowly, and fails on some messages.
pub struct Slow(pub Hub);

pub struct SlowConnection(HubConnection);

impl Engine for Slow {
    type Connection = SlowConnection;

    fn address(&self) -> String {
        self.0.address()
    }

    async fn connect(&mut self, inbox: Inbox) -> Result<SlowConnection, EngineError> {
        self.0.connect(inbox).await.map(SlowConnection)
    }
}

impl Connection for SlowConnection {
    async fn send(&mut self, batch: &mut Vec<Command>) -> Result<(), EngineError> {
        for _ in 0..20 {
            yield_now().await;
        }
        assert!(!format!("{batch:?}").contains("dislike"), "oh no");
        self.0.send(batch).await
    }

    async fn lost(&mut self) -> EngineError {
        self.0.lost().await
    }
}

#[tokio::test]
async fn an_engine_that_panics_is_reconnected() {
    let hub = Hub::new();
    let channels = expect(connect(Slow(hub), options())).await.unwrap();
    let mut lobby = channels.subscribe("lobby");
    flush(&channels).await;
    channels.publish("other", "dislike");
    channels.publish("lobby", "on its way");
    assert_eq!(next(&mut lobby, 1).await, ["on its way"]);
    flush(&channels).await;
    channels.publish("lobby", "again");
    assert_eq!(next(&mut lobby, 2).await, ["GAP", "again"]);
}

/// A runtime made for connecting only, which `#[tokio::main]` avoids.
#[test]
fn channels_outlive_the_runtime_that_connected_them() {
    let hub = Hub::new();
    let runtime = Runtime::new().unwrap();
    let channels = runtime.block_on(start(&hub));
    let mut lobby = channels.subscribe("lobby");
    runtime.block_on(flush(&channels));
    hub.block();
    channels.publish("lobby", "on its way");
    drop(runtime);
    assert!(!channels.is_connected());
    channels.publish("lobby", "hello");
    assert_eq!(heard(&mut lobby), ["on its way", "hello"]);
}

/// A payload may be anything with bytes, and may do anything when dropped.
struct Owner(Channels);

impl AsRef<[u8]> for Owner {
    fn as_ref(&self) -> &[u8] {
        b"payload"
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.publish("other", "dropped");
    }
}

/// Publishes such payloads beyond a full queue. Returns whether that ended.
async fn flood(hub: &Hub, listen: bool) -> bool {
    let channels = start_with(hub, options().queue(16, 1 << 20)).await.unwrap();
    let lobby = listen.then(|| channels.subscribe_with_capacity("lobby", 1));
    flush(&channels).await;
    hub.block();
    let (done, is_done) = mpsc::channel();
    thread::spawn(move || {
        for _ in 0..100 {
            let payload = Bytes::from_owner(Owner(channels.clone()));
            channels.publish("lobby", payload);
            drop(channels.subscribe("lobby"));
        }
        drop(lobby);
        done.send(()).unwrap();
    });
    is_done.recv_timeout(Duration::from_secs(10)).is_ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payload_whose_drop_publishes_when_the_queue_is_full() {
    assert!(flood(&Hub::new(), false).await, "deadlock");
    assert!(flood(&Hub::new(), true).await, "deadlock");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payload_whose_drop_publishes_when_it_is_too_large() {
    let hub = Hub::new();
    hub.limit(20);
    assert!(flood(&hub, false).await, "deadlock");
}

/// Local subscribers get a gap where messages were lost.
#[tokio::test]
async fn messages_beyond_the_limit_are_a_gap() {
    let hub = Hub::new();
    let channels = start_with(&hub, options().queue(16, 1 << 20))
        .await
        .unwrap();
    let mut lobby = channels.subscribe_with_capacity("lobby", 1000);
    flush(&channels).await;
    hub.block();
    for n in 0..100 {
        channels.publish("lobby", n.to_string());
    }
    down(&channels).await;
    tokio::time::sleep(SHORT).await;
    channels.publish("lobby", "afterwards");
    let heard = heard(&mut lobby);
    let gap = heard.iter().position(|word| word == "GAP").unwrap();
    let expected = (0..gap).map(|n| n.to_string());
    let expected = expected.chain(["GAP".to_owned(), "afterwards".to_owned()]);
    assert_eq!(heard, expected.collect::<Vec<_>>());
    assert!(gap >= 16, "{gap}");
}

/// This does not count as an outage.
#[tokio::test]
async fn a_message_that_is_larger_than_the_queue_is_too_large() {
    let hub = Hub::new();
    let here = start_with(&hub, options().queue(1000, 1000)).await.unwrap();
    let there = start(&hub).await;
    let (mut own, mut other) = (here.subscribe("lobby"), there.subscribe("lobby"));
    flush(&there).await;
    let large = "x".repeat(2000);
    here.publish("lobby", large.clone());
    here.publish("lobby", "small");
    flush(&here).await;
    flush(&there).await;
    assert!(here.is_connected());
    assert_eq!(heard(&mut own), [large, "small".into()]);
    assert_eq!(heard(&mut other), ["GAP", "small"]);
}

/// Replicas may be configured differently.
#[tokio::test]
async fn a_message_that_is_too_large_for_its_receiver_is_a_gap() {
    let hub = Hub::new();
    let here = start(&hub).await;
    let there = start_with(&hub, options().message_size(10)).await.unwrap();
    let mut lobby = there.subscribe("lobby");
    flush(&there).await;
    here.publish("lobby", "longer than that");
    here.publish("lobby", "short");
    flush(&here).await;
    flush(&there).await;
    assert_eq!(heard(&mut lobby), ["GAP", "short"]);
}

/// During a rolling update, newer replicas may send what older ones do not understand.
#[tokio::test]
async fn a_message_of_a_newer_version_is_a_gap() {
    let hub = Hub::new();
    let channels = start(&hub).await;
    let mut lobby = channels.subscribe("lobby");
    let mut hall = channels.subscribe("hall");
    flush(&channels).await;
    let newer = b"\xa7W\x02\x01\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x02?";
    hub.inject("channel:lobby", &newer[..]);
    assert_eq!(heard(&mut lobby), ["GAP"]);
    assert!(heard(&mut hall).is_empty());
    hub.inject("replicas", &newer[..]);
    assert_eq!(
        (heard(&mut lobby), heard(&mut hall)),
        (vec!["GAP".to_owned()], vec!["GAP".to_owned()])
    );
}

/// Nonsensical options are brought to the nearest sensible values.
#[tokio::test]
async fn no_time_and_no_room() {
    let hub = Hub::new();
    let channels = start_with(&hub, options().queue(0, 0)).await.unwrap();
    let mut lobby = channels.subscribe("lobby");
    channels.publish("lobby", "");
    flush(&channels).await;
    assert_eq!(heard(&mut lobby), [""]);
    let hasty = options().timeout(Duration::ZERO).backoff(Duration::ZERO);
    assert!(start_with(&hub, hasty).await.is_ok());
}
