//! What comes from outside of the application.

use crate::replica::{flush, heard, start};
use autumn_ws::testing::Hub;

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
