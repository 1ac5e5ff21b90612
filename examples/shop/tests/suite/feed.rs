//! The staff sees all open orders.

use super::server::{Shop, hear};
use serde_json::{Value, json};

#[tokio::test]
async fn the_feed_begins_with_the_open_orders_and_goes_on_with_changes() {
    let shop = Shop::open().await;
    let (ann, sue) = (shop.sign_in("ann").await, shop.sign_in("sue").await);
    let (tea, jam) = (ann.order("tea").await, ann.order("jam").await);
    let soap = sue.order("soap").await;
    sue.set_status(&soap, "sent").await;

    let mut feed = sue.socket("/live/feed").open().await;
    assert_eq!(
        hear(&mut feed).await,
        json!({ "type": "snapshot", "orders": [jam, tea] })
    );
    let paid = sue.set_status(&tea, "paid").await;
    assert_eq!(
        hear(&mut feed).await,
        json!({ "type": "changed", "order": paid })
    );
    let bread = shop.sign_in("bob").await.order("bread").await;
    assert_eq!(
        hear(&mut feed).await,
        json!({ "type": "changed", "order": bread })
    );
}

#[tokio::test]
async fn no_change_falls_between_the_snapshot_and_the_first_change() {
    let shop = Shop::open().await;
    let (ann, sue) = (shop.sign_in("ann").await, shop.sign_in("sue").await);
    // Orders come in while the feeds open.
    let ordering = tokio::spawn(async move {
        for number in 1..=20 {
            ann.order(&format!("tea {number}")).await;
        }
    });
    let mut feeds = Vec::new();
    for _ in 0..4 {
        feeds.push(sue.socket("/live/feed").open().await);
    }
    ordering.await.unwrap();
    for mut feed in feeds {
        let snapshot = hear(&mut feed).await;
        let mut seen: Vec<Value> = snapshot["orders"].as_array().unwrap().clone();
        while !seen.iter().any(|order| order["id"] == 20) {
            seen.push(hear(&mut feed).await["order"].clone());
        }
        for id in 1..=20 {
            assert!(
                seen.iter().any(|order| order["id"] == id),
                "order {id} is missing: {seen:?}"
            );
        }
    }
}

#[tokio::test]
async fn the_feed_is_for_the_staff_only() {
    let shop = Shop::open().await;
    let ann = shop.sign_in("ann").await;
    assert_eq!(ann.socket("/live/feed").refused().await.status(), 403);
    assert_eq!(
        shop.stranger()
            .socket("/live/feed")
            .refused()
            .await
            .status(),
        401
    );
}
