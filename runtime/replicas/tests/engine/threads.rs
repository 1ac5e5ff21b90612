//! Threads that publish, join and leave while connections are cut again and again.

use crate::{
    replica::{PATIENCE, expect, flush, options, start_with},
    witness::{Reader, Record, Sound},
};
use autumn_ws_core::Channels;
use autumn_ws_replicas::testing::Hub;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};
use tokio::task::yield_now;

const ROUNDS: usize = 20;
/// The words of each publisher in a round.
const WORDS: usize = 500;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn publishers_survive_outages() {
    let hub = Hub::new();
    let record = Arc::<Record>::default();
    let mut replicas = Vec::new();
    for _ in 0..2 {
        let hasty = options().backoff(Duration::from_millis(2));
        replicas.push(start_with(&hub, hasty).await.unwrap());
    }
    let replicas = || replicas.iter().enumerate();
    let open = |(n, replica): (_, &_)| Reader::open(&record, n, replica, "lobby", false);
    let readers: Vec<_> = replicas().map(open).collect();
    for (replica, channels) in replicas() {
        flush(channels).await;
        readers[replica].hears_everybody();
    }
    let publishers: Vec<_> = replicas()
        .map(|(replica, channels)| publisher(&record, replica, channels))
        .collect();
    let is_over = Arc::<AtomicBool>::default();
    let guests: Vec<_> = replicas()
        .map(|(replica, channels)| guests(replica, channels, &is_over))
        .collect();

    for round in 1..=ROUNDS {
        for (words, _) in &publishers {
            words.send(WORDS).unwrap();
        }
        let some = round * WORDS;
        expect(async {
            while record.count() < some {
                yield_now().await;
            }
        })
        .await;
        hub.cut();
        for (_, channels) in replicas() {
            flush(channels).await;
        }
        // Unread gaps merge into one.
        readers.iter().for_each(Reader::listen);
    }

    for (words, thread) in publishers {
        drop(words);
        thread.join().unwrap();
    }
    is_over.store(true, Ordering::Relaxed);
    for guests in guests {
        guests.join().unwrap();
    }
    for (_, channels) in replicas() {
        flush(channels).await;
    }
    for reader in &readers {
        reader.check();
        reader.leave();
    }
    assert!(hub.opened() >= 2 * (ROUNDS as u64 + 1));
}

/// Publishes words as ordered.
fn publisher(
    record: &Arc<Record>,
    replica: usize,
    channels: &Channels,
) -> (mpsc::Sender<usize>, JoinHandle<()>) {
    let (words, told) = mpsc::channel();
    let (record, channels) = (Arc::clone(record), channels.clone());
    let thread = thread::spawn(move || {
        for word in told.iter().flat_map(|words| 0..words) {
            record.publish(replica, &channels, "lobby", 0);
            if word % 16 == 0 {
                thread::yield_now();
            }
        }
    });
    (words, thread)
}

/// One after the other they join, publish, and leave when they have heard it.
fn guests(replica: usize, channels: &Channels, is_over: &Arc<AtomicBool>) -> JoinHandle<()> {
    let (channels, is_over) = (channels.clone(), Arc::clone(is_over));
    thread::spawn(move || {
        let record = Arc::<Record>::default();
        while !is_over.load(Ordering::Relaxed) {
            let guest = Reader::open(&record, replica, &channels, "kitchen", false);
            let number = record.publish(replica, &channels, "kitchen", 0);
            let deadline = Instant::now() + PATIENCE;
            while !guest.sounds().contains(&Sound::Word { replica, number }) {
                assert!(Instant::now() < deadline, "it does not hear itself");
                thread::yield_now();
            }
            guest.leave();
        }
    })
}
