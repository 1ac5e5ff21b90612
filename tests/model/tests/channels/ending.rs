//! A subscription ends when nobody can publish any more, and not before.

use super::{check_end, drain, explore, explore_most, spawn, wait};
use model_tests::{Channels, RecvError};

#[test]
fn it_ends_when_the_last_publisher_leaves() {
    explore(|| {
        let channels = Channels::new();
        let sender = channels.sender("a");
        let mut subscription = channels.subscribe("a");
        let going = spawn(move || drop(channels));
        let also_going = spawn(move || drop(sender));
        assert_eq!(wait(&mut subscription), Err(RecvError::Closed));
        going.join().unwrap();
        also_going.join().unwrap();
    });
}

#[test]
fn messages_are_received_before_the_end() {
    explore(|| {
        let channels = Channels::new();
        let sender = channels.sender("a");
        let mut subscription = channels.subscribe("a");
        let sending = spawn(move || assert_eq!(sender.send("1"), 1));
        drop(channels);
        assert_eq!(wait(&mut subscription), Ok(1));
        assert_eq!(wait(&mut subscription), Err(RecvError::Closed));
        sending.join().unwrap();
    });
}

/// To leave, a subscription takes a reference to what it ends with.
#[test]
fn it_ends_while_another_subscriber_leaves() {
    explore_most(|| {
        let channels = Channels::new();
        let other = channels.subscribe("a");
        let mut subscription = channels.subscribe("a");
        let leaving = spawn(move || drop(other));
        let going = spawn(move || drop(channels));
        assert_eq!(wait(&mut subscription), Err(RecvError::Closed));
        leaving.join().unwrap();
        going.join().unwrap();
    });
}

#[test]
fn a_dropped_sender_leaves_the_channel_to_others() {
    let results = explore_most(|| {
        let channels = Channels::new();
        let sender = channels.sender("a");
        let clone = sender.clone();
        let going = spawn(move || drop(sender));
        let sending = spawn(move || clone.send("1"));
        let mut subscription = channels.subscribe("a");
        going.join().unwrap();
        let reached = sending.join().unwrap();
        assert_eq!(channels.publish("a", "2"), 1);
        let heard = drain(&mut subscription);
        drop(subscription);
        check_end(&channels, 2, heard.len() as u64);
        (reached, heard)
    });
    assert_eq!(results, [(0, vec![2]), (1, vec![1, 2])].into());
}
