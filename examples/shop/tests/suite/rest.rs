//! The REST service below the sockets.

use super::server::{Shop, Visitor};
use serde_json::{Value, json};

async fn status(visitor: &Visitor, method: &str, path: &str, body: Value) -> u16 {
    visitor.call(method, path, &body).await.status
}

#[tokio::test]
async fn signing_in_takes_the_right_key() {
    let shop = Shop::open().await;
    let stranger = shop.stranger();
    for body in [
        json!({ "name": "ann", "key": "bob-key" }),
        json!({ "name": "eve", "key": "eve-key" }),
    ] {
        assert_eq!(status(&stranger, "POST", "/sign-in", body).await, 401);
    }
    let me = shop
        .sign_in("sue")
        .await
        .call("GET", "/me", &Value::Null)
        .await;
    assert_eq!(me.json()["name"], "sue");
    assert_eq!(me.json()["is_staff"], true);
}

#[tokio::test]
async fn everything_else_takes_a_login() {
    let shop = Shop::open().await;
    let stranger = shop.stranger();
    for path in ["/me", "/orders", "/orders/1", "/support/delivery/lines"] {
        assert_eq!(
            status(&stranger, "GET", path, Value::Null).await,
            401,
            "{path}"
        );
    }
    assert_eq!(
        status(&stranger, "POST", "/orders", json!({ "item": "tea" })).await,
        401
    );
    assert_eq!(
        status(&stranger, "POST", "/sign-out", Value::Null).await,
        401
    );
    assert_eq!(status(&stranger, "GET", "/", Value::Null).await, 200);
}

#[tokio::test]
async fn customers_see_their_own_orders() {
    let shop = Shop::open().await;
    let (ann, bob) = (shop.sign_in("ann").await, shop.sign_in("bob").await);
    let (tea, jam) = (ann.order("tea").await, ann.order("jam").await);
    bob.order("soap").await;
    let orders = ann.call("GET", "/orders", &Value::Null).await.json();
    assert_eq!(orders, json!([jam, tea]));
    let path = format!("/orders/{}", tea["id"]);
    assert_eq!(ann.call("GET", &path, &Value::Null).await.json(), tea);
    assert_eq!(status(&bob, "GET", &path, Value::Null).await, 403);
    assert_eq!(status(&bob, "GET", "/orders/99", Value::Null).await, 404);
}

#[tokio::test]
async fn only_the_staff_changes_orders() {
    let shop = Shop::open().await;
    let (ann, sue) = (shop.sign_in("ann").await, shop.sign_in("sue").await);
    ann.order("tea").await;
    assert_eq!(
        status(&ann, "PUT", "/orders/1/status", json!("sent")).await,
        403
    );
    assert_eq!(
        status(&sue, "PUT", "/orders/1/status", json!("eaten")).await,
        422
    );
    assert_eq!(
        status(&sue, "PUT", "/orders/99/status", json!("sent")).await,
        404
    );
    assert_eq!(
        status(&sue, "PUT", "/orders/1/status", json!("sent")).await,
        200
    );
}

#[tokio::test]
async fn items_and_notices_have_their_lengths() {
    let shop = Shop::open().await;
    let sue = shop.sign_in("sue").await;
    for (length, placed, sent) in [
        (0, 422, 422),
        (100, 201, 202),
        (101, 422, 202),
        (501, 422, 422),
    ] {
        let text = "ü".repeat(length);
        assert_eq!(
            status(&sue, "POST", "/orders", json!({ "item": text })).await,
            placed
        );
        assert_eq!(
            status(&sue, "POST", "/users/1/notices", json!({ "text": text })).await,
            sent
        );
    }
}
