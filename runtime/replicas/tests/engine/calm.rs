//! Real servers without faults.

use crate::replica::{PATIENCE, expect, flush, next, options, over};
use autumn_ws_core::{AppState, Channels, Subscription};
use autumn_ws_replicas::Engine;
use std::thread;

const MESSAGES: usize = 3_000;

/// Several replicas publish at once, on channels that they listen to and on others, in turn and
/// mixed. Neither returned messages nor mere confirmations count as an outage.
pub async fn nobody_is_cut_off<E: Engine + Clone>(engine: E) {
    let mut replicas = Vec::new();
    for _ in 0..3 {
        let channels = over(engine.clone(), options().timeout(PATIENCE)).await;
        replicas.push(AppState::with_channels(channels.unwrap()));
    }
    let mut heard: Vec<Subscription> = Vec::new();
    for (number, replica) in replicas.iter().enumerate() {
        let channels = replica.channels();
        for name in ["lobby".to_owned(), format!("room:{number}")] {
            heard.push(channels.subscribe_with_capacity(name, 1 << 20));
        }
    }
    for subscription in &mut heard {
        expect(subscription.joined()).await;
    }
    thread::scope(|scope| {
        for replica in &replicas {
            scope.spawn(|| talk(replica.channels()));
        }
    });
    for replica in &replicas {
        flush(replica.channels()).await;
    }
    let mut lobbies = Vec::new();
    for (index, subscription) in heard.iter_mut().enumerate() {
        let words = next(subscription, replicas.len() * MESSAGES).await;
        if index % 2 == 0 {
            lobbies.push(words);
        }
    }
    assert!(lobbies.windows(2).all(|pair| pair[0] == pair[1]));
    for replica in &replicas {
        let engine = replica.metrics().snapshot().engine.unwrap();
        assert_eq!((engine.outages, engine.dropped), (0, 0));
        assert_eq!((engine.gaps_received, engine.ignored), (0, 0));
    }
}

fn talk(channels: &Channels) {
    for n in 0..MESSAGES {
        for name in ["lobby", "room:0", "room:1", "room:2", "nobody's"] {
            channels.publish(name, n.to_string());
        }
        if n % 50 == 0 {
            // Pauses, so that it is not one burst.
            thread::yield_now();
        }
    }
}
