//! All readers of a channel receive the same.

use super::{check_end, drain, explore_most, spawn, wait};
use model_tests::{Channels, RecvError};

#[test]
fn all_subscribers_see_one_order() {
    let results = explore_most(|| {
        let channels = Channels::new();
        let [mut one, mut other] = [(); 2].map(|()| channels.subscribe("a"));
        let publishing = spawn({
            let channels = channels.clone();
            move || channels.publish("a", "1")
        });
        let sender = channels.sender("a");
        let sending = spawn(move || sender.send("2"));
        let heard = [(); 2].map(|()| wait(&mut one).unwrap());
        assert_eq!(publishing.join().unwrap(), 2);
        assert_eq!(sending.join().unwrap(), 2);
        assert_eq!(drain(&mut other), heard);
        drop((one, other));
        check_end(&channels, 2, 4);
        heard
    });
    assert_eq!(results, [[1, 2], [2, 1]].into());
}

#[test]
fn a_loss_is_reported() {
    let results = explore_most(|| {
        let channels = Channels::new();
        let mut subscription = channels.subscribe_with_capacity("a", 1);
        let publishing = spawn(move || {
            for message in ["1", "2", "3"] {
                channels.publish("a", message);
            }
        });
        let mut heard = Vec::new();
        loop {
            match wait(&mut subscription) {
                Ok(message) => heard.push(Ok(message)),
                Err(RecvError::Lagged(missed)) => heard.push(Err(missed)),
                Err(RecvError::Gap) => panic!("nothing is missing"),
                Err(RecvError::Closed) => break,
            }
        }
        publishing.join().unwrap();
        heard
    });
    let expected = [
        vec![Ok(1), Ok(2), Ok(3)],
        vec![Ok(1), Err(1), Ok(3)],
        vec![Err(1), Ok(2), Ok(3)],
        // The third message arrived between the report of the loss and the remaining messages.
        vec![Err(1), Err(1), Ok(3)],
        vec![Err(2), Ok(3)],
    ];
    assert_eq!(results, expected.into());
}
