//! Notices reach a user wherever the user is connected.

use super::server::{Shop, hear};
use serde_json::json;

#[tokio::test]
async fn a_notice_reaches_all_sockets_of_one_user() {
    let shop = Shop::open().await;
    let (ann, bob) = (shop.sign_in("ann").await, shop.sign_in("bob").await);
    let sue = shop.sign_in("sue").await;
    let tea = ann.order("tea").await;
    let (order, _) = ann.watch(&tea).await;
    let support = ann.socket("/live/support/delivery").open().await;
    // A second login of the same user.
    let phone = shop
        .sign_in("ann")
        .await
        .socket("/live/notices")
        .open()
        .await;
    let mut other = bob.socket("/live/notices").open().await;

    for (user, text) in [(1, "we close at six"), (2, "your soap is here")] {
        let path = format!("/users/{user}/notices");
        let sent = sue.call("POST", &path, &json!({ "text": text })).await;
        assert_eq!(sent.status, 202);
    }
    for mut socket in [order, support, phone] {
        let notice = json!({ "type": "notice", "text": "we close at six" });
        assert_eq!(hear(&mut socket).await, notice);
    }
    assert_eq!(hear(&mut other).await["text"], "your soap is here");
}

#[tokio::test]
async fn only_the_staff_sends_notices() {
    let shop = Shop::open().await;
    let ann = shop.sign_in("ann").await;
    let sent = ann
        .call("POST", "/users/2/notices", &json!({ "text": "hello" }))
        .await;
    assert_eq!(sent.status, 403);
}
