//! How much a user may take.

use super::server::{Shop, hear, say};
use serde_json::json;
use std::time::{Duration, Instant};
use test_kit::until;

#[tokio::test]
async fn a_user_has_at_most_5_sockets() {
    let shop = Shop::open().await;
    let (ann, bob) = (shop.sign_in("ann").await, shop.sign_in("bob").await);
    let mut sockets = Vec::new();
    for _ in 0..5 {
        sockets.push(ann.socket("/live/notices").open().await);
    }
    // A second login makes no difference.
    for visitor in [&ann, &shop.sign_in("ann").await] {
        let refused = visitor.socket("/live/notices").refused().await;
        assert_eq!(refused.status(), 429);
        let wait = refused.headers()["retry-after"].to_str().unwrap();
        assert!(wait.parse::<u32>().unwrap() > 0);
    }
    bob.socket("/live/notices")
        .open()
        .await
        .close(1000, "")
        .await;

    // A place is free once a socket has closed.
    sockets.pop().unwrap().close(1000, "").await;
    let is_free = async || ann.socket("/live/notices").tried().await.is_ok();
    Box::pin(until("a place", is_free)).await;
}

#[tokio::test]
async fn a_client_that_speaks_too_fast_is_slowed_down_and_loses_nothing() {
    let shop = Shop::open().await;
    let (ann, bob) = (shop.sign_in("ann").await, shop.sign_in("bob").await);
    let mut fast = ann.socket("/live/support/delivery").open().await;
    let mut calm = bob.socket("/live/support/returns").open().await;
    let begin = Instant::now();
    for number in 1..=35 {
        say(
            &mut fast,
            &json!({ "type": "say", "text": format!("{number}") }),
        )
        .await;
    }
    // Others are not slowed down.
    say(&mut calm, &json!({ "type": "say", "text": "calm" })).await;
    assert_eq!(hear(&mut calm).await["text"], "calm");
    for number in 1..=35 {
        assert_eq!(hear(&mut fast).await["text"], format!("{number}"));
    }
    // 20 at once, then 10 per second.
    assert!(
        begin.elapsed() >= Duration::from_secs(1),
        "{:?}",
        begin.elapsed()
    );
}
