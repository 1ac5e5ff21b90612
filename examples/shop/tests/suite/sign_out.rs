//! Who is signed out has no sockets.

use super::server::{Shop, hear};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_sign_out_closes_the_sockets_of_that_login() {
    let shop = Shop::open().await;
    let (ann, sue) = (shop.sign_in("ann").await, shop.sign_in("sue").await);
    let tea = ann.order("tea").await;
    let (mut order, _) = ann.watch(&tea).await;
    let mut support = ann.socket("/live/support/delivery").open().await;
    let mut notices = ann.socket("/live/notices").open().await;
    // Another login of the same user.
    let (mut phone, _) = shop.sign_in("ann").await.watch(&tea).await;

    assert_eq!(
        ann.call("POST", "/sign-out", &Value::Null).await.status,
        204
    );
    for socket in [&mut order, &mut support, &mut notices] {
        assert_eq!(
            socket.closed_after_pings().await,
            (4001, "signed out".to_owned())
        );
    }
    assert_eq!(ann.socket("/live/notices").refused().await.status(), 401);
    let paid = sue.set_status(&tea, "paid").await;
    assert_eq!(
        hear(&mut phone).await,
        json!({ "type": "changed", "order": paid })
    );
}

#[tokio::test]
async fn a_socket_ends_with_its_login() {
    let shop = Shop::with_logins_of(2).await;
    let begin = Instant::now();
    let ann = shop.sign_in("ann").await;
    let mut notices = ann.socket("/live/notices").open().await;
    let code = loop {
        match notices.frame().await {
            Some(Ok(test_kit::Message::Close(Some(frame)))) => break u16::from(frame.code),
            Some(Ok(_)) => {}
            other => panic!("expected a close frame, got {other:?}"),
        }
    };
    assert_eq!(code, 4401);
    // A login's end is stored in milliseconds.
    assert!(begin.elapsed() >= Duration::from_millis(1990));
    assert_eq!(ann.socket("/live/notices").refused().await.status(), 401);
}

#[tokio::test]
async fn no_socket_outlives_a_sign_out_at_the_same_time() {
    let shop = Shop::open().await;
    for _ in 0..50 {
        let ann = shop.sign_in("ann").await;
        let opening = Box::pin(ann.socket("/live/notices").tried());
        let leaving = ann.call("POST", "/sign-out", &Value::Null);
        let (opened, left) = tokio::join!(opening, leaving);
        assert_eq!(left.status, 204);
        match opened {
            Ok(mut notices) => assert_eq!(notices.closed_after_pings().await.0, 4001),
            Err(refused) => assert_eq!(refused.status(), 401),
        }
    }
}
