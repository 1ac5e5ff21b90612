//! What remains of channels that were used once.

use crate::{Bus, show};
use stats_alloc::{Stats, StatsAlloc};
use std::alloc::System;

const NAMES: usize = 100_000;

/// Publishes to many names once, then joins many others once. What is still allocated afterwards is
/// a leak or a cache.
pub fn names<B: Bus>(allocator: &StatsAlloc<System>) {
    let bus = B::default();
    // Allocations that happen once do not belong to a name.
    drop(bus.listen("first"));
    left(allocator, "published to once", || {
        for index in 0..NAMES {
            bus.publish(&format!("published to {index}"), "hello".to_owned());
        }
    });
    left(allocator, "joined once, and left", || {
        for index in 0..NAMES {
            drop(bus.listen(&format!("joined {index}")));
        }
    });
}

fn left(allocator: &StatsAlloc<System>, case: &str, action: impl FnOnce()) {
    let before = live(&allocator.stats());
    action();
    let after = live(&allocator.stats());
    show(case, "left", after.saturating_sub(before) as f64);
}

fn live(stats: &Stats) -> usize {
    stats
        .bytes_allocated
        .saturating_sub(stats.bytes_deallocated)
}
