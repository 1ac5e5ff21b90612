//! Messages of other replicas may be missing: each subscriber learns of it once, at the right
//! place.

use super::{explore, explore_most, spawn, wait};
use model_tests::{Channels, RecvError, gap};

/// What a subscriber receives until the end; zero stands for a gap.
fn hear(
    channels: Channels,
    subscribe: impl FnOnce(&Channels) -> model_tests::Subscription,
) -> Vec<u32> {
    let mut subscription = subscribe(&channels);
    drop(channels);
    let mut heard = Vec::new();
    loop {
        match wait(&mut subscription) {
            Err(RecvError::Gap) => heard.push(0),
            Err(RecvError::Closed) => return heard,
            message => heard.push(message.unwrap()),
        }
    }
}

#[test]
fn a_gap_wakes() {
    explore(|| {
        let channels = Channels::new();
        let mut subscription = channels.subscribe("a");
        let telling = spawn({
            let channels = channels.clone();
            move || gap(&channels, "a")
        });
        assert_eq!(wait(&mut subscription), Err(RecvError::Gap));
        assert_eq!(telling.join().unwrap(), 1);
    });
}

#[test]
fn a_gap_keeps_its_place_among_messages() {
    let results = explore_most(|| {
        let channels = Channels::new();
        let mut subscription = channels.subscribe("a");
        let telling = spawn(move || {
            channels.publish("a", "1");
            assert_eq!(gap(&channels, "a"), 1);
            channels.publish("a", "2");
        });
        let heard = [(); 4].map(|()| wait(&mut subscription));
        telling.join().unwrap();
        heard.map(|received| format!("{received:?}"))
    });
    let expected = ["Ok(1)", "Err(Gap)", "Ok(2)", "Err(Closed)"];
    assert_eq!(results, [expected.map(String::from)].into());
}

/// A subscriber that joins at the same moment gets the gap, or joined after it; never twice, and
/// never too late.
#[test]
fn only_present_subscribers_get_a_gap() {
    let results = explore_most(|| {
        let channels = Channels::new();
        let coming = spawn({
            let channels = channels.clone();
            move || hear(channels, |channels| channels.subscribe("a"))
        });
        let told = gap(&channels, "a");
        let reached = channels.publish("a", "1");
        drop(channels);
        let heard = coming.join().unwrap();
        assert_eq!(
            (told, reached),
            (
                usize::from(heard.contains(&0)),
                usize::from(heard.contains(&1)),
            )
        );
        heard
    });
    assert_eq!(results, [vec![], vec![1], vec![0, 1]].into());
}

/// Two gaps at once are one, or two if the first was already delivered.
#[test]
fn simultaneous_gaps_are_merged_or_delivered_in_turn() {
    let results = explore_most(|| {
        let channels = Channels::new();
        let mut subscription = channels.subscribe("a");
        let other = spawn({
            let channels = channels.clone();
            move || gap(&channels, "a")
        });
        channels.publish("a", "1");
        assert_eq!(gap(&channels, "a"), 1);
        drop(channels);
        let mut heard = Vec::new();
        while let Ok(word) = wait(&mut subscription).or_else(told) {
            heard.push(word);
        }
        assert_eq!(other.join().unwrap(), 1);
        heard
    });
    assert_eq!(results, [vec![1, 0], vec![1, 0, 0]].into());
}

/// Zero for a gap.
fn told(error: RecvError) -> Result<u32, RecvError> {
    if error == RecvError::Gap {
        Ok(0)
    } else {
        Err(error)
    }
}
