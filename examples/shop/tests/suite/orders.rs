//! An order is watched by the customer who placed it.

use super::server::{Shop, hear};
use serde_json::json;

#[tokio::test]
async fn a_customer_sees_an_order_as_it_is_and_each_change() {
    let shop = Shop::open().await;
    let (ann, sue) = (shop.sign_in("ann").await, shop.sign_in("sue").await);
    let tea = ann.order("tea").await;
    assert_eq!(
        tea,
        json!({ "id": 1, "customer": 1, "item": "tea", "status": "placed", "version": 1 })
    );
    let paid = sue.set_status(&tea, "paid").await;
    let (mut socket, first) = ann.watch(&tea).await;
    assert_eq!(first, json!({ "type": "changed", "order": paid }));

    // Of other orders, nothing is heard.
    let jam = ann.order("jam").await;
    sue.set_status(&jam, "cancelled").await;
    let sent = sue.set_status(&tea, "sent").await;
    assert_eq!(sent["version"], 3);
    assert_eq!(
        hear(&mut socket).await,
        json!({ "type": "changed", "order": sent })
    );
}

#[tokio::test]
async fn all_sockets_of_an_order_see_it() {
    let shop = Shop::open().await;
    let (ann, sue) = (shop.sign_in("ann").await, shop.sign_in("sue").await);
    let tea = ann.order("tea").await;
    let (mut phone, _) = ann.watch(&tea).await;
    let (mut laptop, _) = shop.sign_in("ann").await.watch(&tea).await;
    let paid = json!({ "type": "changed", "order": sue.set_status(&tea, "paid").await });
    assert_eq!(hear(&mut phone).await, paid);
    assert_eq!(hear(&mut laptop).await, paid);
}

#[tokio::test]
async fn an_order_is_for_its_customer_only() {
    let shop = Shop::open().await;
    let tea = shop.sign_in("ann").await.order("tea").await;
    let path = format!("/live/orders/{}", tea["id"]);
    for name in ["bob", "sue"] {
        let other = shop.sign_in(name).await;
        assert_eq!(other.socket(&path).refused().await.status(), 403);
    }
    assert_eq!(shop.stranger().socket(&path).refused().await.status(), 401);
}

#[tokio::test]
async fn an_order_that_does_not_exist_is_not_found() {
    let shop = Shop::open().await;
    let ann = shop.sign_in("ann").await;
    assert_eq!(ann.socket("/live/orders/99").refused().await.status(), 404);
    assert_eq!(ann.socket("/live/orders/tea").refused().await.status(), 400);
}

#[tokio::test]
async fn a_watcher_has_nothing_to_say() {
    let shop = Shop::open().await;
    let ann = shop.sign_in("ann").await;
    let tea = ann.order("tea").await;
    let (mut socket, _) = ann.watch(&tea).await;
    super::server::say(&mut socket, &json!({ "type": "say", "text": "hello?" })).await;
    let invalid = hear(&mut socket).await;
    assert_eq!(invalid["type"], "$invalid");
    assert_eq!(invalid["errors"][0]["at"], "/type");
}
