//! Messages from outside of the application.

use crate::replica::{flush, heard, start};
use autumn_ws_replicas::testing::Hub;

const HEADER: &[u8] = b"\xa7W\x01";

fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    [HEADER, &[kind], b"stranger", &[0; 8], payload].concat()
}

#[tokio::test]
async fn foreign_messages_are_ignored() {
    let hub = Hub::new();
    let replica = start(&hub).await;
    let mut lobby = replica.subscribe("lobby");
    flush(&replica).await;
    let lines = hub.subjects();
    for subject in &lines {
        for bytes in [
            Vec::new(),
            b"hello".to_vec(),
            vec![0; 100],
            frame(0, b"hello"),
            frame(9, b"hello"),
            frame(1, b"\xff"),
            frame(4, b""),
        ] {
            hub.inject(subject, bytes);
        }
    }
    assert_eq!(lines.len(), 3);
    assert!(heard(&mut lobby).is_empty());
    flush(&replica).await;
    assert!(replica.is_connected());
}

/// Anyone who can publish on the engine can publish on the channels: access is up to the engine.
#[tokio::test]
async fn well_formed_foreign_messages_are_delivered() {
    let hub = Hub::new();
    let replica = start(&hub).await;
    let mut lobby = replica.subscribe("lobby");
    let mut kitchen = replica.subscribe("kitchen");
    flush(&replica).await;
    hub.inject("channel:lobby", frame(1, b"hello"));
    hub.inject("channel:lobby", frame(3, b""));
    assert_eq!(heard(&mut lobby), ["hello", "GAP"]);
    assert!(heard(&mut kitchen).is_empty());
}

/// Probes of others are ignored, whatever sender they claim.
#[tokio::test]
async fn a_foreign_probe_is_ignored() {
    let hub = Hub::new();
    let [here, there] = [start(&hub).await, start(&hub).await];
    let mut lobby = here.subscribe("lobby");
    flush(&here).await;
    for subject in hub.subjects() {
        if let Some(origin) = subject.strip_prefix("replica:") {
            let origin = u64::from_str_radix(origin, 16).unwrap();
            let later = [&b"\xa7W\x01\x04"[..], &origin.to_be_bytes(), &[0xff; 8]].concat();
            hub.inject("replicas", later.clone());
            hub.inject(&subject, later);
        }
    }
    there.publish("lobby", "hello");
    flush(&there).await;
    flush(&here).await;
    assert_eq!(heard(&mut lobby), ["hello"]);
}
