//! What comes from outside of the application.

use crate::replica::{flush, heard, start};
use autumn_ws_replicas::testing::Hub;

const HEADER: &[u8] = b"\xa7W\x01";

fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    [HEADER, &[kind], b"stranger", &[0; 8], payload].concat()
}

#[tokio::test]
async fn what_is_none_of_ours_is_ignored() {
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

/// Whoever can publish there can publish here: it is the engine that has to say who can.
#[tokio::test]
async fn what_looks_like_ours_is_ours() {
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

/// A probe is nobody else's business, whatever it says about who has sent it.
#[tokio::test]
async fn a_foreign_probe_silences_nobody() {
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
