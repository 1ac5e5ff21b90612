//! Channels that appear and disappear while messages are published.

use super::{check_end, drain, explore, explore_most, spawn};
use model_tests::{ChannelName, Channels};

#[test]
fn a_subscription_misses_nothing_published_after_it() {
    let results = explore(|| {
        let channels = Channels::new();
        let publishing = spawn({
            let channels = channels.clone();
            move || channels.publish("a", "1")
        });
        let mut subscription = channels.subscribe("a");
        assert_eq!(channels.publish("a", "2"), 1);
        let reached = publishing.join().unwrap();
        let heard = drain(&mut subscription);
        drop(subscription);
        check_end(&channels, 2, heard.len() as u64);
        (reached, heard)
    });
    let expected = [(0, vec![2]), (1, vec![1, 2]), (1, vec![2, 1])];
    assert_eq!(results, expected.into());
}

#[test]
fn the_last_to_leave_does_not_end_a_new_subscription() {
    let results = explore(|| {
        let channels = Channels::new();
        let first = channels.subscribe("a");
        let leaving = spawn(move || drop(first));
        let publishing = spawn({
            let channels = channels.clone();
            move || channels.publish("a", "1")
        });
        let mut second = channels.subscribe("a");
        let reached = publishing.join().unwrap();
        leaving.join().unwrap();
        let heard = drain(&mut second).len();
        // In every order, this is the one channel.
        assert_eq!(channels.publish("a", "2"), 1);
        assert_eq!(drain(&mut second), [2]);
        drop(second);
        check_end(&channels, 2, heard as u64 + 1);
        (reached, heard)
    });
    assert_eq!(results, [(0, 0), (1, 0), (1, 1), (2, 1)].into());
}

#[test]
fn a_subscription_that_ends_leaves_nothing_behind() {
    let results = explore_most(|| {
        let channels = Channels::new();
        let visit = |channels: Channels, name| {
            let mut subscription = channels.subscribe("a");
            let reached = channels.publish("a", format!("{name}"));
            let heard = drain(&mut subscription);
            assert!(heard.contains(&name));
            (reached, heard.len() as u64)
        };
        let other = spawn({
            let channels = channels.clone();
            move || visit(channels, 1)
        });
        let (reached, heard) = visit(channels.clone(), 2);
        let (also_reached, also_heard) = other.join().unwrap();
        check_end(&channels, 2, heard + also_heard);
        reached + also_reached
    });
    assert_eq!(results, [2, 3, 4].into());
}

#[test]
fn a_sender_holds_a_channel_open() {
    let results = explore(|| {
        let channels = Channels::new();
        let sender = channels.sender("a");
        let sending = spawn(move || sender.send("1"));
        let mut subscription = channels.subscribe("a");
        let reached = sending.join().unwrap();
        assert_eq!(channels.publish("a", "2"), 1);
        let heard = drain(&mut subscription);
        drop(subscription);
        check_end(&channels, 2, heard.len() as u64);
        (reached, heard)
    });
    assert_eq!(results, [(0, vec![2]), (1, vec![1, 2])].into());
}

#[test]
fn counts_survive_when_a_pattern_becomes_known() {
    explore(|| {
        let channels = Channels::new();
        let subscription = channels.subscribe("a");
        let publishing = spawn({
            let channels = channels.clone();
            move || channels.publish("a", "1")
        });
        let known = channels.subscribe(ChannelName::fixed("a"));
        publishing.join().unwrap();
        drop((subscription, known));
        check_end(&channels, 1, 0);
    });
}
