//! The channels of autumn-ws, compiled from the very same sources, with the locks and the reference counts of
//! [loom](https://docs.rs/loom). A test runs once for each order in which its threads can get at them: no message is
//! missed, nobody waits for ever, no channel is left. Loom and not shuttle, which lets chance choose the orders, or
//! tries all of them without seeing that most come to the same.
//!
//! A model that cannot fail proves nothing. These mistakes were made in `runtime/src/channels`, one at a time, and are
//! found by the models named; `tests/channels` of the runtime, with real threads, does
//! not find the first, for one:
//!
//! | mistake | found by |
//! | --- | --- |
//! | `Registry::publish` gives up where the channel was freed meanwhile | `the_last_who_leaves_takes_nobody_along` |
//! | `Topic::retire` does not end the log, so that what comes too late is counted nowhere | the same |
//! | `Registry::retain` looks up under one lock and inserts under a second | `who_comes_and_goes_leaves_nothing` |
//! | `Registry::release` counts under one lock and removes under a second | the same, `a_sender_holds_a_channel_open` and others |
//! | `Registry::release` counts handles outside of the lock | the same |
//! | `Registry::release` removes nothing, so that the channel stays | all that look at the end |
//! | `Topic::publish` counts the readers after it has released the lock | `nothing_is_missed_from_the_subscription_on` and others |
//! | `Topic::publish` wakes before it has added the message | `a_message_wakes` and others |
//! | `Topic::publish` wakes nobody | `a_message_wakes` and others |
//! | `Topic::poll_recv` reads under one lock and waits under a second | `a_message_wakes`, `it_ends_…` |
//! | `Waiters::wait` keeps the old waker | `the_last_waker_counts` |
//! | `Waiters::take` leaves waiters behind | `a_message_wakes_everybody` |
//! | `Topic::end` wakes nobody | `it_ends_whoever_is_last` and others |
//! | `Topic::mark_gap` wakes nobody, or before it has marked | `a_gap_wakes` |
//! | `Topic::mark_gap` counts the readers after it has released the lock | `a_gap_is_for_those_who_are_there` |
//! | the registry does not end its channels when it goes | `it_ends_whoever_is_last` |
//! | a handle keeps the registry, so that nothing ever ends | `it_ends_although_somebody_leaves_meanwhile` and others |

mod sync;

// A module with a folder of its own, so that modules in it are looked for where they are.
#[path = "../../../runtime/src"]
#[allow(
    dead_code,
    unused_imports,
    reason = "what the rest of the crate uses is not here"
)]
mod runtime {
    pub mod channels;
    pub mod payload;
}

/// Channels that go beyond this process, of which there are none here.
#[allow(dead_code, reason = "there are none")]
mod engine {
    use super::{Message, runtime::channels::Upstream, sync::Arc};
    use futures_util::future::BoxFuture;
    use std::convert::Infallible;

    pub(crate) type SharedOutbox = std::sync::Arc<Outbox>;

    pub(crate) struct Outbox(Infallible);

    impl Outbox {
        pub(crate) fn is_up(&self) -> bool {
            match self.0 {}
        }
    }

    impl Upstream for Outbox {
        fn join(&self, _: &Arc<str>) {
            match self.0 {}
        }

        fn leave(&self, _: &Arc<str>) {
            match self.0 {}
        }

        fn joined<'a>(&'a self, _: &'a Arc<str>) -> BoxFuture<'a, bool> {
            match self.0 {}
        }

        fn publish(&self, _: Arc<str>, _: Message) -> Option<Message> {
            match self.0 {}
        }

        fn close(&self) {
            match self.0 {}
        }
    }
}

use self::runtime::payload;
pub use self::runtime::{
    channels::{AsChannelName, ChannelName, Channels, RecvError, Sender, Subscription},
    payload::Payload,
};
pub use axum::{
    body::Bytes,
    extract::ws::{Message, Utf8Bytes},
};

/// Has those who listen learn that messages may be missing; answers how many they are.
#[must_use]
pub fn gap(channels: &Channels, name: &str) -> usize {
    channels.registry().mark_gap(name)
}

/// What was counted on all channels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Channels that exist.
    pub open: usize,
    /// Subscriptions that exist.
    pub subscribers: usize,
    /// Messages that somebody could hear.
    pub heard: u64,
    /// Messages that nobody could hear.
    pub unheard: u64,
    /// Messages that were received, by each who did.
    pub delivered: u64,
}

/// What was counted until now.
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
