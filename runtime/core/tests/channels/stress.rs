//! Many threads at once: all agree on one order, and on what was missed.

use autumn_ws_core::{Channels, Message, RecvError, Subscription, testing};
use std::{
    collections::HashMap,
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};
use tokio::time::timeout;

const PUBLISHERS: usize = 4;
const VISITORS: usize = 3;
const VISITS: usize = 50;

/// How long a test may take before it fails.
const PATIENCE: Duration = Duration::from_mins(1);

/// The least messages of each publisher, which continues while there are visitors.
const MESSAGES: usize = 2000;

/// A message's publisher, and how many it published before.
type Stamp = (usize, usize);

/// What a subscription received: messages and gaps, each with the number of messages received or
/// missed before it.
#[derive(Debug, Default)]
struct Heard {
    stamps: Vec<(u64, Stamp)>,
    gaps: Vec<u64>,
    /// Messages received or missed in all.
    total: u64,
}

#[derive(Debug)]
struct Run {
    published: u64,
    /// Received by those that listened from the first message to the end.
    residents: Vec<Heard>,
    /// Received by those that joined and left.
    visitors: Vec<Heard>,
}

#[test]
fn nothing_is_missed_while_there_is_room() {
    let run = run(usize::MAX);
    check(&run);
    for resident in &run.residents {
        assert_eq!(resident.stamps.len() as u64, run.published);
        check_publishers(resident);
    }
    // The late one gets one gap, the last.
    let [quick, late] = run.residents.as_slice() else {
        panic!("{} residents", run.residents.len());
    };
    assert_eq!(late.gaps.len(), 1);
    assert_eq!(quick.gaps.last(), late.gaps.last());
    assert!(quick.gaps.is_sorted_by(|one, next| one < next));
}

#[test]
fn losses_are_reported_without_room() {
    let run = run(16);
    check(&run);
    let missed = |heard: &Heard| heard.total - heard.stamps.len() as u64;
    // One resident subscribes after everything is published.
    assert!(
        run.residents
            .iter()
            .any(|heard| missed(heard) == run.published - 16)
    );
}

/// Publishers, two residents and some visitors on one channel.
fn run(capacity: usize) -> Run {
    let channels = Channels::new();
    let residents = [(); 2].map(|()| channels.subscribe_with_capacity("stress", capacity));
    let visits = AtomicUsize::new(VISITORS * VISITS);
    // Nothing is ever sent: it ends with the last publisher, whether that finished or panicked.
    let (publishing, all_is_said) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let visits = &visits;
        let publishers = [0, 1, 2, 3].map(|publisher: usize| {
            let (channels, publishing) = (channels.clone(), publishing.clone());
            scope.spawn(move || {
                let published = publish(&channels, publisher, visits);
                drop(publishing);
                published
            })
        });
        let visitors = [(); VISITORS].map(|()| {
            let channels = channels.clone();
            scope.spawn(move || visit(&channels, capacity, visits))
        });
        // The last publishers leave, so every subscription ends.
        drop((channels, publishing));
        let [mut quick, mut late] = residents;
        let quick = scope.spawn(move || listen(&mut quick, usize::MAX));
        let late = scope.spawn(move || {
            all_is_said.recv().unwrap_err();
            listen(&mut late, usize::MAX)
        });
        Run {
            published: publishers.into_iter().map(|one| one.join().unwrap()).sum(),
            residents: vec![quick.join().unwrap(), late.join().unwrap()],
            visitors: visitors
                .into_iter()
                .flat_map(|one| one.join().unwrap())
                .collect(),
        }
    })
}

/// Returns how many messages were published.
fn publish(channels: &Channels, publisher: usize, visits: &AtomicUsize) -> u64 {
    let sender = channels.sender("stress");
    let mut number = 0;
    let start = Instant::now();
    while number < MESSAGES || visits.load(Ordering::Relaxed) > 0 {
        assert!(start.elapsed() < PATIENCE, "visitors that hear nothing");
        let message = format!("{publisher} {number}");
        // Both ways must agree.
        let reached = if number % 2 == 0 {
            sender.send(message)
        } else {
            channels.publish("stress", message)
        };
        assert!((2..=2 + VISITORS).contains(&reached));
        if publisher == 0 && number % 50 == 0 {
            let told = testing::gap(channels, "stress");
            assert!((2..=2 + VISITORS).contains(&told));
        }
        number += 1;
    }
    number as u64
}

fn visit(channels: &Channels, capacity: usize, visits: &AtomicUsize) -> Vec<Heard> {
    let visit = |number| {
        let mut subscription = channels.subscribe_with_capacity("stress", capacity);
        let heard = listen(&mut subscription, number);
        visits.fetch_sub(1, Ordering::Relaxed);
        heard
    };
    (0..VISITS).map(visit).collect()
}

/// Receives this many messages, or all.
fn listen(subscription: &mut Subscription, count: usize) -> Heard {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let mut heard = Heard::default();
    let start = Instant::now();
    while heard.stamps.len() < count {
        assert!(
            start.elapsed() < PATIENCE,
            "no end after {} messages",
            heard.total
        );
        let receive = async { timeout(PATIENCE, subscription.recv()).await };
        match runtime.block_on(receive).unwrap() {
            Ok(message) => {
                heard.stamps.push((heard.total, stamp(&message)));
                heard.total += 1;
            }
            Err(RecvError::Lagged(missed)) => heard.total += missed,
            Err(RecvError::Gap) => heard.gaps.push(heard.total),
            Err(RecvError::Closed) => break,
        }
    }
    heard
}

fn stamp(message: &Message) -> Stamp {
    let (publisher, number) = message.to_text().unwrap().split_once(' ').unwrap();
    (publisher.parse().unwrap(), number.parse().unwrap())
}

/// There is one order: every message has the same place for all.
fn check(run: &Run) {
    let mut places: HashMap<Stamp, u64> = HashMap::new();
    for resident in &run.residents {
        assert_eq!(resident.total, run.published);
        for (place, stamp) in &resident.stamps {
            assert_eq!(places.entry(*stamp).or_insert(*place), place, "{stamp:?}");
        }
    }
    let mut known = 0;
    for visitor in &run.visitors {
        // Its starting point is unknown: the first message that a resident also received gives it.
        let common = visitor
            .stamps
            .iter()
            .find_map(|(after, stamp)| Some(places.get(stamp)? - after));
        for (after, stamp) in &visitor.stamps {
            let place = places.get(stamp);
            assert!(
                place.is_none_or(|place| Some(place - after) == common),
                "{stamp:?}"
            );
            known += usize::from(place.is_some());
        }
    }
    assert!(known > 0, "no visitor has heard what a resident has");
}

/// The messages of each publisher come once and in order.
fn check_publishers(heard: &Heard) {
    let mut next = [0; PUBLISHERS];
    for (_, (publisher, number)) in &heard.stamps {
        assert_eq!(*number, next[*publisher]);
        next[*publisher] += 1;
    }
}

#[test]
fn short_lived_channels_leave_nothing_behind() {
    let channels = Channels::new();
    thread::scope(|scope| {
        for thread in 0..4 {
            let channels = channels.clone();
            scope.spawn(move || {
                for visit in 0..2000 {
                    let name = ((visit + thread) % 3).to_string();
                    let mut subscription = channels.subscribe(&name);
                    assert!(channels.publish(&name, format!("{thread} {visit}")) >= 1);
                    let heard = listen(&mut subscription, 1);
                    assert_eq!(heard.stamps.len(), 1);
                }
            });
        }
    });
    assert_eq!(format!("{channels:?}"), "Channels { open: 0 }");
}
