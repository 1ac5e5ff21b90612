//! What publishing a typed message allocates. Nothing else runs in this process.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what fails here fails the test"
)]

use autumn_ws_core::{
    Channels, Message, Subscription,
    messages::{Carried, Channel, Kind, Tag},
};
use serde::Serialize;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::{
    alloc::System,
    iter,
    pin::pin,
    task::{Context, Poll, Waker},
};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const MESSAGES: usize = 100;

#[derive(Serialize)]
struct Said {
    text: &'static str,
}

impl Kind for Said {
    const TAG: Tag<'static> = Tag::Text("said");
}

enum RoomMessage {}

impl Carried<RoomMessage> for Said {}

const ROOM: Channel<RoomMessage> = Channel::fixed("room");
const TEXT: &str = r#"{"type":"said","text":"hello"}"#;

fn receive(subscription: &mut Subscription) -> Message {
    let received = pin!(subscription.recv()).poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(message) = received else {
        panic!("a message was lost");
    };
    message.unwrap()
}

/// The allocations per message until every subscriber has it.
fn allocations(subscribers: usize, publish: impl Fn(&Channels)) -> usize {
    let channels = Channels::new();
    let subscribe = || ROOM.subscribe(&channels);
    let mut subscriptions: Vec<_> = iter::repeat_with(subscribe).take(subscribers).collect();
    let expected = Message::text(TEXT);
    let mut deliver = || {
        publish(&channels);
        for subscription in &mut subscriptions {
            assert_eq!(receive(subscription), expected);
        }
    };
    // What happens once is not part of it.
    deliver();
    let region = Region::new(ALLOCATOR);
    for _ in 0..MESSAGES {
        deliver();
    }
    let change = region.change();
    (change.allocations + change.reallocations) / MESSAGES
}

#[test]
fn a_typed_message_is_encoded_once_however_many_subscribers_it_has() {
    let typed = |subscribers| {
        allocations(subscribers, |channels| {
            ROOM.publish(channels, Said { text: "hello" });
        })
    };
    let text = |subscribers| {
        allocations(subscribers, |channels| {
            channels.publish(ROOM.name(), TEXT.to_owned());
        })
    };
    assert_eq!(typed(1), typed(1000));
    // The text, and what shares it: as many as for a text that somebody has written.
    assert_eq!((typed(1000), text(1000)), (2, 2));
}
