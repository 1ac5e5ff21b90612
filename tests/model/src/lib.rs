//! The channels of autumn-ws, compiled from the same sources, with the locks and reference counts
//! of [loom](https://docs.rs/loom). A test runs once for each order in which its threads can reach
//! them: no message is missed, nobody waits forever, no channel is left over. Loom, because shuttle
//! chooses orders at random, or tries all without noticing that most are equivalent.
//!
//! A model that cannot fail proves nothing. These mistakes were made in the channels one at a time,
//! and the named models found them. The runtime's `tests/channels`, with real threads, does not
//! find the first:
//!
//! | mistake | found by |
//! | --- | --- |
//! | `Registry::publish` gives up if the channel was freed in the meantime | `the_last_to_leave_does_not_end_a_new_subscription` |
//! | `Topic::retire` does not end the log, so that a late message is counted nowhere | the same |
//! | `Registry::retain` looks up under one lock and inserts under a second | `a_subscription_that_ends_leaves_nothing_behind` |
//! | `Registry::release` counts under one lock and removes under a second | the same, `a_sender_holds_a_channel_open` and others |
//! | `Registry::release` counts handles outside of the lock | the same |
//! | `Registry::release` removes nothing, so that the channel stays | all that look at the counts at the end |
//! | `Topic::publish` counts the readers after it has released the lock | `a_subscription_misses_nothing_published_after_it` and others |
//! | `Topic::publish` wakes before it has added the message | `a_message_wakes` and others |
//! | `Topic::publish` wakes nobody | `a_message_wakes` and others |
//! | `Topic::poll_recv` reads under one lock and waits under a second | `a_message_wakes`, `it_ends_…` |
//! | `Waiters::wait` keeps the old waker | `the_last_waker_counts` |
//! | `Waiters::take` leaves waiters behind | `a_message_wakes_all_subscribers` |
//! | `Topic::end` wakes nobody | `it_ends_when_the_last_publisher_leaves` and others |
//! | `Topic::mark_gap` wakes nobody, or before it has marked | `a_gap_wakes` |
//! | `Topic::mark_gap` counts the readers after it has released the lock | `only_present_subscribers_get_a_gap` |
//! | the registry does not end its channels when it is dropped | `it_ends_when_the_last_publisher_leaves` |
//! | a handle keeps the registry alive, so that nothing ever ends | `it_ends_while_another_subscriber_leaves` and others |

mod sync;

// A module with a folder of its own, so that its submodules are found.
#[path = "../../../runtime/core/src"]
#[allow(
    dead_code,
    unused_imports,
    reason = "used by parts of the crate that are not included"
)]
mod runtime {
    pub mod channels;
    pub mod payload;
}

use self::runtime::{channels, payload};
pub use self::runtime::{
    channels::{AsChannelName, ChannelName, Channels, RecvError, Sender, Subscription},
    payload::Payload,
};
pub use axum::{
    body::Bytes,
    extract::ws::{CloseFrame, Message, Utf8Bytes},
};

/// Gives every listener a gap, and returns how many there are.
#[must_use]
pub fn gap(channels: &Channels, name: &str) -> usize {
    channels.downstream().mark_gap(name).unwrap_or_default()
}

/// The counts of all channels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Channels that exist.
    pub open: usize,
    /// Subscriptions that exist.
    pub subscribers: usize,
    /// Messages with a listener.
    pub heard: u64,
    /// Messages without a listener.
    pub unheard: u64,
    /// Messages received, once for each receiver.
    pub delivered: u64,
}

/// The counts so far.
#[must_use]
pub fn counted(channels: &Channels) -> Counted {
    let mut sum = Counted::default();
    for tally in channels.tallies().into_values() {
        sum.open += tally.open;
        sum.subscribers += tally.subscribers;
        sum.heard += tally.counts.heard;
        sum.unheard += tally.counts.unheard;
        sum.delivered += tally.counts.delivered;
    }
    sum
}
