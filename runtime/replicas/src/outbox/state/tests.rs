//! Tests of what is hard to see from outside.

use super::{Flush, State, outgoing::ORDERS};
use crate::{
    options::Limits,
    outbox::{
        bounds::Bounds,
        outcome::{Echo, Place, Stuck},
        probes::{TICKS, UNPROVEN},
        transit::Item,
    },
    wire::Command,
};
use autumn_ws_core::Message;
use std::sync::Arc;

const LIMITS: Limits = Limits {
    messages: 2000,
    bytes: 1 << 20,
    message: 1 << 16,
};

/// A state whose engine has answered.
fn up() -> State {
    let mut state = State::new(7, LIMITS);
    let _ = state.connected(Bounds::NONE);
    let _ = state.settle(0);
    let _ = state.open();
    assert!(state.is_up());
    sent(&mut state);
    state
}

fn name(name: &str) -> Arc<str> {
    name.into()
}

fn publish(state: &mut State, channel: &str, text: &str) -> Place {
    state.publish(name(channel), Message::text(text).into()).1
}

/// What would be sent now, as words.
fn sent(state: &mut State) -> Vec<String> {
    let mut all = Vec::new();
    let mut batch = Vec::new();
    while state.take(&mut batch) {
        all.append(&mut batch);
    }
    let word = |command: &Command| match command {
        Command::Subscribe(subject) => format!("+{subject}"),
        Command::Unsubscribe(subject) => format!("-{subject}"),
        Command::Publish(subject, frame) => format!("{subject} {}", frame.len()),
    };
    all.iter().map(word).collect()
}

fn echo(state: &mut State, channel: &str, sequence: u64) -> Option<Echo> {
    state.echo(channel, sequence).map(|(echo, _)| echo)
}

fn message(text: &str) -> Echo {
    Echo::Message(Message::text(text).into())
}

#[test]
fn messages_are_sent_in_order() {
    let mut state = up();
    let _ = state.join(&name("a"));
    publish(&mut state, "a", "hello");
    let _ = state.leave(&name("a"));
    assert_eq!(
        sent(&mut state),
        ["+channel:a", "channel:a 25", "-channel:a"]
    );
}

#[test]
fn only_its_own_echo_settles_a_message() {
    let mut state = up();
    let _ = state.join(&name("a"));
    publish(&mut state, "a", "hello");
    assert_eq!(echo(&mut state, "b", 1), None);
    assert_eq!(echo(&mut state, "a", 0), None);
    assert_eq!(echo(&mut state, "a", 2), None);
    assert_eq!(state.settle(1), None);
    assert_eq!(echo(&mut state, "a", 1), Some(message("hello")));
    assert_eq!(echo(&mut state, "a", 1), None);
}

#[test]
fn a_message_that_does_not_come_back_ends_the_connection() {
    let mut state = up();
    let _ = state.join(&name("a"));
    publish(&mut state, "a", "lost");
    publish(&mut state, "a", "hello");
    assert_eq!(echo(&mut state, "a", 2), Some(Echo::Nothing));
    assert_eq!(state.stuck(), Some(Stuck::OutOfOrder));
    // Both are delivered here, in order.
    state.cut();
    let mut items = Vec::new();
    assert!(state.drain(&mut items));
    let texts: Vec<_> = items.iter().filter_map(text).collect();
    assert_eq!(texts, [Message::text("lost"), Message::text("hello")]);
}

fn text(item: &Item) -> Option<Message> {
    match item {
        Item::Echoed(_, publication, _) | Item::Held(_, publication) => {
            Some(publication.message.clone())
        }
        _ => None,
    }
}

/// Leaving may overtake what is in flight, so a missing message is expected.
#[test]
fn what_was_published_before_a_channel_was_left_need_not_come_back() {
    let mut state = up();
    let _ = state.join(&name("a"));
    let _ = state.join(&name("b"));
    publish(&mut state, "a", "first");
    let _ = state.leave(&name("a"));
    let _ = state.join(&name("a"));
    publish(&mut state, "b", "second");
    publish(&mut state, "a", "third");
    assert_eq!(echo(&mut state, "b", 2), Some(message("second")));
    assert_eq!(echo(&mut state, "a", 3), Some(message("third")));
    assert_eq!(state.stuck(), None);
}

#[test]
fn unheard_messages_are_confirmed_by_probes() {
    let mut state = up();
    for _ in 0..UNPROVEN {
        publish(&mut state, "a", "");
    }
    let words = sent(&mut state);
    let probes = |words: &[String]| words.iter().filter(|w| w.starts_with("replica:")).count();
    assert_eq!((words.len(), probes(&words)), (UNPROVEN + 1, 1));
    let _ = state.settle(UNPROVEN as u64 + 1);
    assert_eq!(state.transit().len(), 0);
    for _ in 0..2 * UNPROVEN {
        publish(&mut state, "a", "");
    }
    assert_eq!(probes(&sent(&mut state)), 2);
}

#[test]
fn no_more_frames_are_in_flight_than_the_engine_takes() {
    const WINDOW: usize = 2 * UNPROVEN;
    let mut state = up();
    state.bounds = Bounds::NONE.with_window(WINDOW);
    for _ in 0..3 * UNPROVEN {
        publish(&mut state, "a", "");
    }
    let all = 3 * (UNPROVEN + 1);
    let mut count = 0;
    let mut settled = 0;
    while count < all {
        let words = sent(&mut state);
        let under_way = state.transit().len() - state.queue.frames();
        assert!(!words.is_empty() && under_way <= WINDOW);
        for (place, word) in words.iter().enumerate() {
            if word.starts_with("replica:") {
                settled = count + place + 1;
            }
        }
        count += words.len();
        let (_, wake) = state.settle(settled as u64).unwrap();
        // The sender is woken as long as something waits.
        assert_eq!(wake.work, count < all);
    }
    // Joining and leaving must not count as frames in flight.
    let _ = state.join(&name("a"));
    assert_eq!(sent(&mut state), ["+channel:a"]);
}

/// What does not come back because its channel was left is proven, too.
#[test]
fn leaving_does_not_block_the_queue() {
    const WINDOW: usize = 2 * UNPROVEN;
    let mut state = up();
    state.bounds = Bounds::NONE.with_window(WINDOW);
    let _ = state.join(&name("a"));
    for _ in 0..WINDOW {
        publish(&mut state, "a", "");
    }
    let _ = state.leave(&name("a"));
    publish(&mut state, "b", "");
    // The first probe is among those that go.
    assert_eq!(sent(&mut state).len(), 1 + WINDOW);
    let _ = state.settle(UNPROVEN as u64 + 1);
    assert!(sent(&mut state).len() > 1);
    assert_eq!(state.stuck(), None);
}

/// Otherwise a few large messages would fill the queue, although the engine has taken them.
#[test]
fn many_bytes_are_confirmed_early() {
    let mut state = up();
    let large = "x".repeat(LIMITS.message);
    let mut count = 0;
    while !sent(&mut state).iter().any(|w| w.starts_with("replica:")) {
        publish(&mut state, "a", &large);
        count += 1;
    }
    assert_eq!(count, LIMITS.bytes / 4 / LIMITS.message);
}

/// A notice for a name that was never on the engine would end each connection.
#[test]
fn names_that_are_too_long_get_no_notice() {
    let mut state = up();
    state.cut();
    while state.drain(&mut Vec::new()) {}
    for name in ["a", "too long"] {
        assert!(matches!(publish(&mut state, name, "1"), Place::Here(_)));
    }
    let first = state.transit().next();
    let _ = state.connected(Bounds::NONE.with_subject("channel:a".len()));
    let _ = state.settle(state.transit().next() - 1);
    assert!(state.transit().first() > first);
    let (notices, _) = state.open();
    assert_eq!(notices, 1);
    let words = sent(&mut state);
    assert_eq!(words.last().unwrap(), "channel:a 20");
}

/// A publisher as fast as the delivery does not keep it from ending.
#[test]
fn holding_back_ends() {
    let mut state = up();
    state.cut();
    for _ in 0..LIMITS.messages {
        publish(&mut state, "a", "");
        let mut items = Vec::new();
        assert!(state.drain(&mut items));
        assert!(matches!(*items, [Item::Held(..)]));
    }
    publish(&mut state, "a", "");
    let mut items = Vec::new();
    assert!(state.drain(&mut items));
    assert_eq!(items, [Item::Gap]);
    assert!(matches!(publish(&mut state, "a", ""), Place::Here(_)));
    assert!(!state.drain(&mut Vec::new()));
    // There is room again after the next attempt to connect.
    state.cut();
    assert_eq!(publish(&mut state, "a", ""), Place::Held);
    let mut items = Vec::new();
    assert!(state.drain(&mut items));
    assert!(matches!(*items, [Item::Held(..)]));
}

/// Joining and leaving does not keep a connection that does not open from being abandoned.
#[test]
fn silence_while_opening_ends_the_connection() {
    let mut state = State::new(7, LIMITS);
    let _ = state.connected(Bounds::NONE);
    let _ = state.tick();
    // What is being sent takes its time.
    assert!(!sent(&mut state).is_empty());
    for n in 0..=TICKS {
        assert_eq!(state.stuck(), None);
        let _ = state.join(&name(&n.to_string()));
        assert_eq!(sent(&mut state).len(), 1);
        let _ = state.tick();
    }
    assert_eq!(state.stuck(), Some(Stuck::Silent));
}

/// The server may drop the last messages before an unsubscription.
#[test]
fn leaving_wants_a_receipt() {
    for has_receipt in [true, false] {
        let mut state = up();
        state.bounds = Bounds::NONE.with_receipts();
        let _ = state.join(&name("a"));
        let last = state.transit().next();
        publish(&mut state, "a", "goodbye");
        let _ = state.leave(&name("a"));
        let _ = state.tick();
        if has_receipt {
            let _ = state.confirm(last..=last);
        }
        let _ = state.settle(last + 1);
        let expected = (!has_receipt).then_some(Stuck::OutOfOrder);
        assert_eq!(state.stuck(), expected);
    }
}

#[test]
fn silence_ends_the_connection() {
    let mut state = up();
    let _ = state.tick();
    assert_eq!(sent(&mut state), ["replica:0000000000000007 20"]);
    for _ in 0..TICKS {
        let _ = state.tick();
    }
    assert_eq!(state.stuck(), None);
    let _ = state.tick();
    assert_eq!(state.stuck(), Some(Stuck::Silent));
}

#[test]
fn a_flush_ends_when_earlier_messages_are_confirmed() {
    let mut state = up();
    // A probe is in flight, but not about what follows.
    let _ = state.tick();
    let _ = state.join(&name("a"));
    let mut flush = Flush::default();
    assert!(state.poll_flush(&mut flush).is_some());
    let _ = state.settle(1);
    assert!(state.poll_flush(&mut flush).is_some());
    let _ = state.settle(2);
    assert!(state.poll_flush(&mut flush).is_none());
}

/// The server may drop one message, and take the next.
#[test]
fn a_message_without_a_receipt_is_lost() {
    for (receipts, is_lost) in [(&[0, 1][..], false), (&[1], true), (&[], true)] {
        let mut state = up();
        state.bounds = Bounds::NONE.with_receipts();
        let first = state.transit().next();
        for text in ["1", "2"] {
            publish(&mut state, "a", text);
        }
        for index in receipts {
            let _ = state.confirm(first + index..=first + index);
        }
        let _ = state.tick();
        let (_, wake) = state.settle(first + 2).unwrap();
        assert_eq!(wake.news, is_lost);
        assert_eq!(state.stuck(), is_lost.then_some(Stuck::OutOfOrder));
        assert_eq!(state.cut(), 2 - receipts.len() as u64);
    }
}

#[test]
fn receipts_are_wanted_where_there_are_any() {
    for bounds in [Bounds::NONE, Bounds::NONE.with_receipts()] {
        let mut state = up();
        state.bounds = bounds;
        let _ = state.join(&name("here"));
        for name in ["here", "elsewhere"] {
            publish(&mut state, name, "");
        }
        let mut batch = Vec::new();
        state.take(&mut batch);
        let receipts = batch.iter().filter_map(|command| match command {
            Command::Publish(_, frame) => Some(frame.receipt().is_some()),
            _ => None,
        });
        let expected = [bounds.has_receipts(); 2];
        assert!(receipts.eq(expected), "{batch:?}");
    }
}

#[test]
fn a_flush_begins_again_with_the_next_connection() {
    let mut state = up();
    let mut flush = Flush::default();
    assert!(state.poll_flush(&mut flush).is_some());
    state.cut();
    while state.drain(&mut Vec::new()) {}
    assert!(state.poll_flush(&mut flush).is_some());
    let _ = state.connected(Bounds::NONE);
    let probe = state.transit().first();
    let _ = state.settle(probe);
    let _ = state.open();
    // That proves the new connection, not what was sent on it.
    assert!(state.poll_flush(&mut flush).is_some());
    let _ = state.settle(probe + 1);
    assert!(state.poll_flush(&mut flush).is_none());
}

#[test]
fn joining_and_leaving_fill_the_queue_of_a_stuck_engine() {
    let mut state = up();
    for _ in 0..=ORDERS / 2 {
        let _ = state.join(&name("a"));
        let _ = state.leave(&name("a"));
    }
    assert_eq!(state.stuck(), Some(Stuck::Full));
    assert!(sent(&mut state).is_empty());
}

#[test]
fn a_name_that_is_too_long_stays_here() {
    let mut state = up();
    state.bounds = Bounds::NONE.with_subject("channel:a".len());
    for name in ["a", "ab"] {
        let _ = state.join(&name.into());
    }
    assert_eq!(publish(&mut state, "a", "1"), Place::Engine);
    assert_eq!(
        publish(&mut state, "ab", "2"),
        Place::Nameless(Message::text("2").into())
    );
    assert_eq!(sent(&mut state), ["+channel:a", "channel:a 21"]);
}

#[test]
fn messages_held_back_are_limited() {
    let mut state = up();
    state.cut();
    for _ in 0..3 * LIMITS.messages {
        assert_eq!(publish(&mut state, "a", ""), Place::Held);
    }
    assert!(state.transit().len() <= 2 * LIMITS.messages + 2);
}
