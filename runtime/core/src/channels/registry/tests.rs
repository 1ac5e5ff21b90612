//! Channels that come and go, and what is counted on them.

use super::{Counts, Handle, Key, Registry, SMALL, lock};
use crate::{Message, sync::Arc};

const ROOM: &str = "room:{room}";

fn room(name: &str) -> Key<'_> {
    let pattern = Some(ROOM);
    Key { name, pattern }
}

fn published(registry: &Registry, pattern: Option<&'static str>) -> (u64, u64) {
    let tallies = registry.tallies();
    let counts = tallies.get(&pattern).map(|tally| tally.counts);
    counts.map_or((0, 0), |Counts { heard, unheard, .. }| (heard, unheard))
}

#[test]
fn a_channel_is_freed_with_its_last_handle() {
    let registry = Arc::new(Registry::new(None));
    let first = Handle::open(&registry, "a".into());
    let second = Handle::open(&registry, "a".into());
    assert!(std::ptr::eq(first.topic(), second.topic()));
    drop(first);
    assert_eq!(registry.len(), 1);
    drop(second);
    assert_eq!(registry.len(), 0);
}

#[test]
fn memory_is_given_back() {
    let registry = Arc::new(Registry::new(None));
    let open = |n: i32| Handle::open(&registry, room(&n.to_string()));
    let handles: Vec<_> = (0..20_000).map(open).collect();
    assert_eq!(registry.len(), 20_000);
    drop(handles);
    assert_eq!(registry.len(), 0);
    for shard in &registry.shards {
        assert!(lock(shard).channels.capacity() <= SMALL);
    }
}

#[test]
fn ten_thousand_names_are_one_line() {
    let registry = Arc::new(Registry::new(None));
    for n in 0..10_000 {
        let name = format!("room:{n}");
        let handle = Handle::open(&registry, room(&name));
        let mut reader = handle.topic().subscribe(1);
        // Without its pattern too.
        assert_eq!(
            registry.publish(name.as_str().into(), Message::text("").into()),
            1
        );
        handle.topic().unsubscribe(&reader);
        reader = handle.topic().subscribe(1);
        assert_eq!(registry.publish(room(&name), Message::text("").into()), 1);
        handle.topic().unsubscribe(&reader);
    }
    for n in 0..10_000 {
        registry.publish(room(&format!("gone:{n}")), Message::text("").into());
    }
    let patterns: Vec<_> = registry.tallies().into_keys().collect();
    assert_eq!(patterns, [None, Some(ROOM)]);
    assert_eq!(published(&registry, Some(ROOM)), (20_000, 10_000));
    assert_eq!(published(&registry, None), (0, 0));
}

#[test]
fn counts_outlive_the_channel() {
    let registry = Arc::new(Registry::new(None));
    let handle = Handle::open(&registry, room("a"));
    let _reader = handle.topic().subscribe(1);
    registry.publish(room("a"), Message::text("1").into());
    let tally = registry.tallies()[&Some(ROOM)];
    assert_eq!(
        (tally.open, tally.subscribers, tally.counts.heard),
        (1, 1, 1)
    );
    drop(handle);
    let tally = registry.tallies()[&Some(ROOM)];
    assert_eq!(
        (tally.open, tally.subscribers, tally.counts.heard),
        (0, 0, 1)
    );
}

#[test]
fn counts_stay_where_they_are_when_a_pattern_becomes_known() {
    let registry = Arc::new(Registry::new(None));
    let lobby = || Key {
        name: "lobby",
        pattern: Some("lobby"),
    };
    registry.publish("lobby".into(), Message::text("1").into());
    let plain = Handle::open(&registry, "lobby".into());
    registry.publish("lobby".into(), Message::text("2").into());
    assert_eq!(published(&registry, None), (0, 2));
    let known = Handle::open(&registry, lobby());
    registry.publish("lobby".into(), Message::text("3").into());
    assert_eq!(published(&registry, None), (0, 2));
    assert_eq!(published(&registry, Some("lobby")), (0, 1));
    // A fixed name stays known.
    drop(known);
    drop(plain);
    registry.publish("lobby".into(), Message::text("4").into());
    assert_eq!(published(&registry, Some("lobby")), (0, 2));
}

#[test]
fn gaps_are_counted_and_leave_nothing() {
    let registry = Arc::new(Registry::new(None));
    let gaps = |registry: &Registry| {
        let tallies = registry.tallies();
        tallies.get(&Some(ROOM)).map(|tally| tally.counts.gaps)
    };
    assert_eq!((registry.mark_gap("a"), registry.mark_gaps()), (0, 0));
    assert_eq!(registry.len(), 0);
    let handles: Vec<_> = (0..100)
        .map(|n| Handle::open(&registry, room(&format!("room:{n}"))))
        .collect();
    for handle in &handles {
        handle.topic().subscribe(1);
        handle.topic().subscribe(1);
    }
    assert_eq!(registry.mark_gap("room:7"), 2);
    assert_eq!(gaps(&registry), Some(2));
    assert_eq!(registry.mark_gaps(), 200);
    drop(handles);
    assert_eq!((registry.len(), gaps(&registry)), (0, Some(202)));
}

#[test]
fn a_channel_that_is_freed_takes_no_more() {
    let registry = Arc::new(Registry::new(None));
    let handle = Handle::open(&registry, room("a"));
    let late = registry.find(room("a"), true).unwrap();
    drop(handle);
    assert_eq!(
        late.publish(Message::text("late").into()),
        Err(Message::text("late").into())
    );
    assert_eq!(published(&registry, Some(ROOM)), (0, 0));
    assert_eq!(registry.publish(room("a"), Message::text("late").into()), 0);
    assert_eq!(published(&registry, Some(ROOM)), (0, 1));
}
