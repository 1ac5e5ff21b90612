//! Channels through their public interface.

use autumn_ws_core::{Bytes, Channels, Message, RecvError, Utf8Bytes, testing};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;

/// The number of channels.
fn open(channels: &Channels) -> String {
    format!("{channels:?}")
}

#[tokio::test]
async fn every_kind_of_payload() {
    let channels = Channels::new();
    let mut all = channels.subscribe("all");
    let string = String::from("owned");
    channels.publish("all", "text");
    channels.publish("all", &string);
    channels.publish("all", string);
    channels.publish("all", Utf8Bytes::from_static("shared"));
    channels.publish("all", Message::text("message"));
    for text in ["text", "owned", "owned", "shared", "message"] {
        assert_eq!(all.recv().await, Ok(Message::text(text)));
    }
    channels.publish("all", [1, 2].as_slice());
    channels.publish("all", vec![1, 2]);
    channels.publish("all", Bytes::from_static(&[1, 2]));
    for _ in 0..3 {
        assert_eq!(all.recv().await, Ok(Message::binary(vec![1, 2])));
    }
}

#[tokio::test]
async fn control_frames_are_not_published() {
    let channels = Channels::new();
    let mut all = channels.subscribe("all");
    let sender = channels.sender("all");
    for control in [
        Message::Ping(Bytes::new()),
        Message::Pong(Bytes::new()),
        Message::Close(None),
    ] {
        assert_eq!(channels.publish("all", control.clone()), 0);
        assert_eq!(sender.send(control), 0);
    }
    assert_eq!(sender.send("payload"), 1);
    assert_eq!(all.recv().await, Ok(Message::text("payload")));
}

#[test]
fn publishing_counts_the_subscribers() {
    let channels = Channels::new();
    let one = channels.subscribe("a");
    let _two = channels.clone().subscribe("a");
    let _other = channels.subscribe("b");
    assert_eq!(channels.publish("a", "x"), 2);
    assert_eq!(channels.sender("a").send("x"), 2);
    drop(one);
    assert_eq!(channels.publish("a", "x"), 1);
    assert_eq!(Channels::new().publish("a", "x"), 0);
}

#[test]
fn a_channel_is_freed_with_its_last_user() {
    let channels = Channels::new();
    channels.publish("nobody", "x");
    assert_eq!(open(&channels), "Channels { open: 0 }");
    let subscription = channels.subscribe("a");
    let sender = channels.sender("a");
    let clone = sender.clone();
    assert_eq!(open(&channels), "Channels { open: 1 }");
    drop((subscription, sender));
    assert_eq!(open(&channels), "Channels { open: 1 }");
    drop(clone);
    assert_eq!(open(&channels), "Channels { open: 0 }");
}

#[tokio::test]
async fn a_subscription_ends_when_nobody_can_publish() {
    let channels = Channels::new();
    let mut subscription = channels.subscribe("a");
    let sender = channels.sender("a");
    channels.publish("a", "last");
    drop(channels);
    assert_eq!(subscription.recv().await, Ok(Message::text("last")));
    let early = timeout(Duration::from_millis(20), subscription.recv()).await;
    assert!(early.is_err());
    let waiting = tokio::spawn(async move { subscription.recv().await });
    tokio::task::yield_now().await;
    drop(sender);
    assert_eq!(waiting.await.unwrap(), Err(RecvError::Closed));
}

#[tokio::test]
async fn a_payload_is_shared_and_freed() {
    struct Owner(Arc<[u8]>);
    impl AsRef<[u8]> for Owner {
        fn as_ref(&self) -> &[u8] {
            &self.0
        }
    }
    let channels = Channels::new();
    let mut subscriptions: Vec<_> = (0..100).map(|_| channels.subscribe("a")).collect();
    let owned: Arc<[u8]> = Arc::new([42; 100]);
    let payload = Bytes::from_owner(Owner(owned.clone()));
    let address = payload.as_ptr();
    channels.publish("a", payload);
    for subscription in &mut subscriptions {
        let received = subscription.recv().await.unwrap().into_data();
        assert_eq!(received.as_ptr(), address);
    }
    // All have read it: the channel, though still in use, does not keep it.
    assert_eq!(Arc::strong_count(&owned), 1);
}

#[tokio::test]
async fn a_payload_whose_drop_publishes() {
    struct Owner(Channels);
    impl AsRef<[u8]> for Owner {
        fn as_ref(&self) -> &[u8] {
            &[]
        }
    }
    impl Drop for Owner {
        fn drop(&mut self) {
            self.0.publish("a", "dropped");
        }
    }
    let channels = Channels::new();
    let behind = channels.subscribe_with_capacity("a", 1);
    let mut reader = channels.subscribe_with_capacity("a", 1);
    channels.publish("a", Bytes::from_owner(Owner(channels.clone())));
    channels.publish("a", "next");
    assert_eq!(reader.recv().await, Err(RecvError::Lagged(2)));
    channels.publish("a", Bytes::from_owner(Owner(channels.clone())));
    drop((behind, reader));
    assert_eq!(open(&channels), "Channels { open: 0 }");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_subscribers_see_one_order() {
    const EACH: usize = 500;
    let channels = Channels::new();
    let readers: Vec<_> = (0..70)
        .map(|_| {
            let mut subscription = channels.subscribe_with_capacity("a", 4 * EACH);
            tokio::spawn(async move {
                let mut seen = Vec::new();
                while seen.len() < 4 * EACH {
                    seen.push(subscription.recv().await.unwrap());
                }
                seen
            })
        })
        .collect();
    let publishers: Vec<_> = (0..4)
        .map(|publisher| {
            let sender = channels.sender("a");
            tokio::spawn(async move {
                for n in 0..EACH {
                    assert_eq!(sender.send(format!("{publisher}:{n}")), 70);
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for publisher in publishers {
        publisher.await.unwrap();
    }
    let mut orders = Vec::new();
    for reader in readers {
        let seen = timeout(Duration::from_secs(5), reader).await;
        orders.push(seen.expect("everybody is woken").unwrap());
    }
    assert!(orders.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn a_gap_wakes_only_waiting_subscribers() {
    let channels = Channels::new();
    let mut elsewhere = channels.subscribe("b");
    let waiting: Vec<_> = (0..70)
        .map(|_| {
            let mut subscription = channels.subscribe("a");
            tokio::spawn(async move { (subscription.recv().await, subscription.recv().await) })
        })
        .collect();
    tokio::task::yield_now().await;
    assert_eq!(testing::gap(&channels, "a"), 70);
    let mut late = channels.subscribe("a");
    channels.publish("a", "after");
    channels.publish("b", "after");
    let after = Ok(Message::text("after"));
    for reader in waiting {
        let seen = timeout(Duration::from_secs(5), reader).await;
        let expected = (Err(RecvError::Gap), after.clone());
        assert_eq!(seen.expect("everybody is woken").unwrap(), expected);
    }
    assert_eq!(late.recv().await, after);
    assert_eq!(elsewhere.recv().await, after);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn joining_and_leaving_loses_and_leaves_nothing() {
    let channels = Channels::new();
    let tasks: Vec<_> = (0..8)
        .map(|task| {
            let channels = channels.clone();
            tokio::spawn(async move {
                for n in 0..2000 {
                    // Other tasks open and free the same names at the same time.
                    let name = format!("room:{}", n % 3);
                    let mut subscription = channels.subscribe_with_capacity(&name, 100_000);
                    let mine = Message::text(format!("{task}:{n}"));
                    assert!(channels.publish(&name, mine.clone()) >= 1);
                    while subscription.recv().await.unwrap() != mine {}
                }
            })
        })
        .collect();
    for task in tasks {
        timeout(Duration::from_secs(10), task)
            .await
            .expect("no loss")
            .unwrap();
    }
    assert_eq!(open(&channels), "Channels { open: 0 }");
}

#[tokio::test]
async fn recv_yields_to_other_tasks() {
    let channels = Channels::new();
    let mut busy = channels.subscribe_with_capacity("a", 10_000);
    for _ in 0..10_000 {
        channels.publish("a", "x");
    }
    let reader = async {
        for _ in 0..10_000 {
            busy.recv().await.unwrap();
        }
    };
    tokio::select! {
        biased;
        () = reader => panic!("it never yielded"),
        () = tokio::task::yield_now() => {}
    }
}
