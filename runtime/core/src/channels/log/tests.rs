//! What readers get, and when messages are freed.

use super::{BATCH, Counts, Log, MOST_BYTES, Publication, Reader, RecvError, SMALL};
use crate::{
    Message,
    channels::{ListenerId, waiters::Ticket},
};
use std::task::Waker;

pub(super) fn text(n: u64) -> Message {
    Message::text(n.to_string())
}

pub(super) fn read(log: &mut Log, reader: &mut Reader) -> Option<Result<Message, RecvError>> {
    match reader.next_ahead() {
        Some(message) => Some(Ok(message)),
        None => log.read(reader, &mut Vec::new()),
    }
}

pub(super) fn push(log: &mut Log, messages: std::ops::Range<u64>) {
    for n in messages {
        log.push(text(n).into());
    }
}

#[test]
fn a_message_is_kept_until_everybody_has_read_it() {
    let mut log = Log::default();
    let mut quick = log.subscribe(8);
    let mut slow = log.subscribe(8);
    push(&mut log, 0..2);
    assert_eq!(read(&mut log, &mut quick), Some(Ok(text(0))));
    assert_eq!(read(&mut log, &mut quick), Some(Ok(text(1))));
    assert_eq!(read(&mut log, &mut quick), None);
    assert_eq!(log.entries.len(), 2);
    assert_eq!(read(&mut log, &mut slow), Some(Ok(text(0))));
    assert_eq!(read(&mut log, &mut slow), Some(Ok(text(1))));
    assert!(log.entries.is_empty());
}

#[test]
fn a_burst_is_read_in_batches() {
    let mut log = Log::default();
    let mut reader = log.subscribe(1000);
    push(&mut log, 0..100);
    assert_eq!(read(&mut log, &mut reader), Some(Ok(text(0))));
    assert_eq!(log.entries.len(), 100 - BATCH);
    assert_eq!(log.unread(&reader), 99);
    for n in 1..100 {
        assert_eq!(read(&mut log, &mut reader), Some(Ok(text(n))));
    }
    assert_eq!(log.unread(&reader), 0);
    assert_eq!(reader.ahead.capacity(), 0);
}

#[test]
fn nothing_is_kept_for_nobody() {
    let mut log = Log::default();
    assert!(log.push(text(0).into()).0.is_some());
    assert!(log.entries.is_empty());
    let mut late = log.subscribe(8);
    assert_eq!(read(&mut log, &mut late), None);
}

#[test]
fn loss_is_counted_exactly() {
    let mut log = Log::default();
    let mut reader = log.subscribe(4);
    push(&mut log, 0..10);
    assert_eq!(log.unread(&reader), 10);
    assert_eq!(read(&mut log, &mut reader), Some(Err(RecvError::Lagged(6))));
    for n in 6..10 {
        assert_eq!(read(&mut log, &mut reader), Some(Ok(text(n))));
    }
    assert_eq!(read(&mut log, &mut reader), None);
}

#[test]
fn bytes_are_bounded_too() {
    let mut log = Log::default();
    let mut reader = log.subscribe(100);
    let large = || Message::binary(vec![0; MOST_BYTES / 4]);
    for _ in 0..6 {
        log.push(large().into());
    }
    log.push(text(6).into());
    assert_eq!(read(&mut log, &mut reader), Some(Err(RecvError::Lagged(3))));
    for _ in 3..6 {
        assert_eq!(read(&mut log, &mut reader), Some(Ok(large())));
        assert!(reader.ahead.is_empty(), "large ones are not read ahead");
    }
    assert_eq!(read(&mut log, &mut reader), Some(Ok(text(6))));
    assert_eq!(log.bytes, 0);
    // A message that is larger than that goes through alone.
    log.push(text(7).into());
    log.push(Message::binary(vec![0; MOST_BYTES + 1]).into());
    assert_eq!(read(&mut log, &mut reader), Some(Err(RecvError::Lagged(1))));
    let (freed, _) = log.unsubscribe(&reader);
    assert_eq!((freed.len(), log.bytes), (1, 0));
}

#[test]
fn what_happens_is_counted() {
    let mut log = Log::default();
    push(&mut log, 0..1);
    let mut quick = log.subscribe(2);
    let stuck = log.subscribe(2);
    for n in 1..6 {
        push(&mut log, n..n + 1);
        assert_eq!(read(&mut log, &mut quick), Some(Ok(text(n))));
    }
    let counts = Counts {
        heard: 5,
        unheard: 1,
        unwritten: 0,
        delivered: 5,
        // Whether its reader gets to know or not: 1, 2 and 3 had to go.
        lagged: 3,
        gaps: 0,
    };
    assert_eq!((log.tally().counts, log.tally().subscribers), (counts, 2));
    // What nobody read because its reader went is not lost to anybody.
    log.unsubscribe(&stuck);
    assert_eq!(log.take_counts(), counts);
    assert_eq!(log.tally().counts, Counts::default());
}

#[test]
fn the_largest_capacity_counts() {
    let mut log = Log::default();
    let mut small = log.subscribe(0);
    push(&mut log, 0..2);
    assert_eq!(read(&mut log, &mut small), Some(Err(RecvError::Lagged(1))));
    let _large = log.subscribe(8);
    push(&mut log, 2..9);
    assert_eq!(read(&mut log, &mut small), Some(Ok(text(1))));
}

#[test]
fn a_reader_that_goes_frees_what_only_it_had_not_read() {
    let mut log = Log::default();
    let mut quick = log.subscribe(8);
    let slow = log.subscribe(8);
    push(&mut log, 0..4);
    for _ in 0..3 {
        read(&mut log, &mut quick);
    }
    let (freed, _) = log.unsubscribe(&slow);
    assert_eq!(freed.len(), 4);
    assert_eq!(read(&mut log, &mut quick), Some(Ok(text(3))));
    assert!(log.entries.is_empty());
}

#[test]
fn a_reader_that_goes_after_lagging_frees_the_rest() {
    let mut log = Log::default();
    let lagging = log.subscribe(2);
    push(&mut log, 0..9);
    let (freed, _) = log.unsubscribe(&lagging);
    assert_eq!(freed.len(), 2);
    assert!(log.entries.is_empty());
}

#[test]
fn room_is_given_back() {
    let mut log = Log::default();
    let mut reader = log.subscribe(1000);
    push(&mut log, 0..1000);
    while read(&mut log, &mut reader).is_some() {}
    assert!(log.entries.capacity() <= SMALL);
}

#[test]
fn the_end_comes_after_the_last_message() {
    let mut log = Log::default();
    let mut reader = log.subscribe(8);
    push(&mut log, 0..1);
    log.end();
    assert_eq!(read(&mut log, &mut reader), Some(Ok(text(0))));
    assert_eq!(read(&mut log, &mut reader), Some(Err(RecvError::Closed)));
    assert_eq!(read(&mut log, &mut reader), Some(Err(RecvError::Closed)));
}

#[test]
fn a_gap_is_between_what_was_published_before_and_after() {
    let mut log = Log::default();
    let mut first = log.subscribe(100);
    let mut second = log.subscribe(100);
    push(&mut log, 0..3);
    assert_eq!(read(&mut log, &mut first), Some(Ok(text(0))));
    // What was read ahead is before it as well.
    assert_eq!(log.mark_gap(), 2);
    let mut late = log.subscribe(100);
    push(&mut log, 3..5);
    assert_eq!((log.unread(&first), log.unread(&late)), (5, 2));
    for reader in [&mut first, &mut second] {
        let before = log.unread(reader);
        for n in (6 - before)..3 {
            assert_eq!(read(&mut log, reader), Some(Ok(text(n))));
        }
        assert_eq!(read(&mut log, reader), Some(Err(RecvError::Gap)));
    }
    for reader in [&mut first, &mut second, &mut late] {
        for n in 3..5 {
            assert_eq!(read(&mut log, reader), Some(Ok(text(n))));
        }
        assert_eq!(read(&mut log, reader), None);
        assert_eq!(log.unread(reader), 0);
    }
    assert!(log.entries.is_empty());
}

#[test]
fn gaps_that_are_not_seen_yet_are_one() {
    let mut log = Log::default();
    let mut quick = log.subscribe(8);
    let mut slow = log.subscribe(8);
    for n in 0..3 {
        log.mark_gap();
        assert_eq!(read(&mut log, &mut quick), Some(Err(RecvError::Gap)));
        push(&mut log, n..n + 1);
        assert_eq!(read(&mut log, &mut quick), Some(Ok(text(n))));
    }
    for n in 0..2 {
        assert_eq!(read(&mut log, &mut slow), Some(Ok(text(n))));
    }
    // Nothing can be missing after it.
    assert_eq!(read(&mut log, &mut slow), Some(Err(RecvError::Gap)));
    assert_eq!(read(&mut log, &mut slow), Some(Ok(text(2))));
    assert_eq!(read(&mut log, &mut slow), None);
    // Whether its reader gets to know or not.
    assert_eq!(log.tally().counts.gaps, 6);
    // One more at the same place is one more.
    log.mark_gap();
    log.mark_gap();
    for reader in [&mut quick, &mut slow] {
        assert_eq!(read(&mut log, reader), Some(Err(RecvError::Gap)));
        assert_eq!(read(&mut log, reader), None);
    }
}

#[test]
fn a_gap_survives_the_loss_of_the_messages_around_it() {
    let mut log = Log::default();
    let mut reader = log.subscribe(2);
    let mut other = log.subscribe(2);
    push(&mut log, 0..3);
    log.mark_gap();
    push(&mut log, 3..4);
    // It is among what is kept.
    assert_eq!(read(&mut log, &mut other), Some(Err(RecvError::Lagged(2))));
    assert_eq!(read(&mut log, &mut other), Some(Ok(text(2))));
    assert_eq!(read(&mut log, &mut other), Some(Err(RecvError::Gap)));
    // It is among what was lost.
    push(&mut log, 4..9);
    assert_eq!(read(&mut log, &mut reader), Some(Err(RecvError::Lagged(7))));
    assert_eq!(read(&mut log, &mut reader), Some(Err(RecvError::Gap)));
    assert_eq!(read(&mut log, &mut reader), Some(Ok(text(7))));
    assert_eq!(read(&mut log, &mut reader), Some(Ok(text(8))));
    assert_eq!(read(&mut log, &mut reader), None);
}

#[test]
fn the_end_comes_after_a_gap() {
    let mut log = Log::default();
    let mut reader = log.subscribe(8);
    push(&mut log, 0..1);
    log.mark_gap();
    log.end();
    assert_eq!(read(&mut log, &mut reader), Some(Ok(text(0))));
    assert_eq!(read(&mut log, &mut reader), Some(Err(RecvError::Gap)));
    assert_eq!(read(&mut log, &mut reader), Some(Err(RecvError::Closed)));
}

#[test]
fn a_gap_for_nobody_is_nothing() {
    let mut log = Log::default();
    assert_eq!(log.mark_gap(), 0);
    let mut late = log.subscribe(8);
    assert_eq!(read(&mut log, &mut late), None);
    assert_eq!(log.take_counts(), Counts::default());
}

#[test]
fn readers_that_are_gone_cost_nothing() {
    let mut log = Log::default();
    let mut readers: Vec<_> = (0..10_000).map(|_| log.subscribe(8)).collect();
    for reader in &mut readers {
        log.wait(reader, Waker::noop());
    }
    let many = log.waiters.room();
    // Some were woken before they left, some were not.
    let end = Ticket::new(log.waiters.next_ticket().get() / 2).unwrap();
    while log.waiters.take(end).1 {}
    for reader in readers.drain(1..) {
        log.unsubscribe(&reader);
    }
    log.wait(&mut readers[0], Waker::noop());
    assert!(log.waiters.room() < many / 100);
    let (wakers, more) = log.waiters.take(Ticket::MAX);
    assert!(!more);
    assert_eq!(wakers.iter().flatten().count(), 1);
}

/// A reader of a session.
pub(super) fn listener(log: &mut Log) -> (Reader, ListenerId) {
    let id = ListenerId::new();
    let mut reader = log.subscribe(4);
    reader.belong_to(id);
    (reader, id)
}

#[test]
fn a_message_leaves_out_one_listener() {
    let mut log = Log::default();
    let (mut own, id) = listener(&mut log);
    let mut second = log.subscribe(4);
    second.belong_to(id);
    let (mut other, _) = listener(&mut log);
    let mut nobodys = log.subscribe(4);
    log.push(text(0).into());
    log.push(Publication::except(text(1), Some(id)));
    log.push(text(2).into());
    for reader in [&mut own, &mut second] {
        assert_eq!(read(&mut log, reader), Some(Ok(text(0))));
        assert_eq!(read(&mut log, reader), Some(Ok(text(2))));
        assert_eq!(read(&mut log, reader), None);
    }
    for reader in [&mut other, &mut nobodys] {
        for n in 0..3 {
            assert_eq!(read(&mut log, reader), Some(Ok(text(n))));
        }
    }
    assert!(log.entries.is_empty());
    assert_eq!(log.counts.delivered, 10);
}

#[test]
fn a_message_that_only_the_left_out_one_could_read_is_freed_outside_of_the_lock() {
    let mut log = Log::default();
    let (mut own, id) = listener(&mut log);
    log.push(Publication::except(text(1), Some(id)));
    let mut gone = Vec::new();
    assert_eq!(log.read(&mut own, &mut gone), None);
    assert_eq!(gone, [text(1)]);
    assert!(log.entries.is_empty());
}

/// What is left out is not read beyond a gap.
#[test]
fn a_gap_keeps_its_place_between_messages_that_are_left_out() {
    let mut log = Log::default();
    let (mut own, id) = listener(&mut log);
    log.push(text(0).into());
    log.push(Publication::except(text(1), Some(id)));
    log.mark_gap();
    log.push(Publication::except(text(2), Some(id)));
    log.push(text(3).into());
    assert_eq!(read(&mut log, &mut own), Some(Ok(text(0))));
    assert_eq!(read(&mut log, &mut own), Some(Err(RecvError::Gap)));
    assert_eq!(read(&mut log, &mut own), Some(Ok(text(3))));
}
