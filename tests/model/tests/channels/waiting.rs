//! Waiting tasks are woken. A model in which nobody wakes one never ends, which loom notices.

use super::{explore, explore_most, poll, spawn, wait};
use loom::future::block_on;
use model_tests::Channels;
use std::{future::poll_fn, task::Poll, task::Waker};

#[test]
fn a_message_wakes() {
    explore(|| {
        let channels = Channels::new();
        let mut subscription = channels.subscribe("a");
        let publishing = spawn({
            let channels = channels.clone();
            move || {
                channels.publish("a", "1");
                channels.publish("a", "2");
            }
        });
        assert_eq!(wait(&mut subscription), Ok(1));
        assert_eq!(wait(&mut subscription), Ok(2));
        publishing.join().unwrap();
    });
}

#[test]
fn a_message_wakes_all_subscribers() {
    explore_most(|| {
        let channels = Channels::new();
        let [mut one, mut other] = [(); 2].map(|()| channels.subscribe("a"));
        let publishing = spawn({
            let channels = channels.clone();
            move || channels.publish("a", "1")
        });
        let waiting = spawn(move || assert_eq!(wait(&mut other), Ok(1)));
        assert_eq!(wait(&mut one), Ok(1));
        assert_eq!(publishing.join().unwrap(), 2);
        waiting.join().unwrap();
    });
}

#[test]
fn a_waiter_that_gives_up_does_not_swallow_a_wakeup() {
    explore_most(|| {
        let channels = Channels::new();
        let [mut one, mut other] = [(); 2].map(|()| channels.subscribe("a"));
        let giving_up = spawn(move || {
            block_on(poll_fn(|cx| {
                let _ = poll(&mut other, cx.waker());
                Poll::Ready(())
            }));
        });
        let publishing = spawn(move || channels.publish("a", "1"));
        assert_eq!(wait(&mut one), Ok(1));
        giving_up.join().unwrap();
        assert!(publishing.join().unwrap() >= 1);
    });
}

/// As a task does that moves, or waits for several things.
#[test]
fn the_last_waker_counts() {
    explore(|| {
        let channels = Channels::new();
        let mut subscription = channels.subscribe("a");
        let publishing = spawn({
            let channels = channels.clone();
            move || channels.publish("a", "1")
        });
        if poll(&mut subscription, Waker::noop()).is_pending() {
            assert_eq!(wait(&mut subscription), Ok(1));
        }
        publishing.join().unwrap();
    });
}
