//! Counts allocations and bytes from a publish until every subscriber has the message.

use crate::{Bus, show};
use anyhow::{Result, ensure};
use stats_alloc::{Region, StatsAlloc};
use std::{alloc::System, iter};

/// Messages, and bytes in each.
const MESSAGES: usize = 100;
const SIZE: usize = 64;

/// Counts what is allocated from the publish on. Making the message is not the channel's cost.
///
/// # Errors
///
/// If a message is lost.
pub fn allocations<B: Bus>(allocator: &StatsAlloc<System>) -> Result<()> {
    for count in [1, 100, 1000] {
        let bus = B::default();
        let mut listeners: Vec<_> = iter::repeat_with(|| bus.listen("a")).take(count).collect();
        // Allocations that happen once are not part of a publish.
        deliver::<B>(&bus, &mut listeners, message())?;
        let messages: Vec<_> = iter::repeat_with(message).take(MESSAGES).collect();
        let region = Region::new(allocator);
        for message in messages {
            deliver::<B>(&bus, &mut listeners, message)?;
        }
        let change = region.change();
        let case = match count {
            1 => "1 subscriber".to_owned(),
            1000 => "1,000 subscribers".to_owned(),
            _ => format!("{count} subscribers"),
        };
        let each = |total: usize| total as f64 / MESSAGES as f64;
        show(
            &case,
            "allocations",
            each(change.allocations + change.reallocations),
        );
        show(&case, "bytes", each(change.bytes_allocated));
    }
    Ok(())
}

fn message() -> String {
    "x".repeat(SIZE)
}

fn deliver<B: Bus>(bus: &B, listeners: &mut [B::Listener], message: String) -> Result<()> {
    bus.publish("a", message);
    let received = listeners
        .iter_mut()
        .filter_map(|it| B::receive(it).then_some(()));
    ensure!(received.count() == listeners.len(), "a message was lost");
    Ok(())
}
