//! Operators see what happens.

use super::server::{Shop, hear, say};
use serde_json::{Value, json};
use test_kit::until;

#[tokio::test]
async fn sockets_and_messages_are_counted() {
    let shop = Shop::open().await;
    let ann = shop.sign_in("ann").await;
    let mut support = ann.socket("/live/support/delivery").open().await;
    let notices = ann.socket("/live/notices").open().await;
    for text in ["one", "two"] {
        say(&mut support, &json!({ "type": "say", "text": text })).await;
        assert_eq!(hear(&mut support).await["text"], text);
    }
    support.send("nonsense").await;
    assert_eq!(hear(&mut support).await["type"], "$invalid");

    for (name, expected) in [
        ("sessions_open", 1),
        ("sessions_opened_total", 1),
        (r#"messages_total direction="in""#, 3),
        (r#"messages_total direction="out""#, 3),
        ("messages_invalid_total", 1),
    ] {
        until(name, async || {
            shop.metric(name, "support").await == expected
        })
        .await;
    }
    assert_eq!(shop.metric("sessions_open", "notices").await, 1);
    notices.close(1000, "").await;
    until("the end", async || {
        shop.metric("sessions_open", "notices").await == 0
    })
    .await;
    assert_eq!(shop.metric("sessions_opened_total", "notices").await, 1);
}

#[tokio::test]
async fn customers_do_not_see_the_metrics() {
    let shop = Shop::open().await;
    let answer = shop
        .sign_in("sue")
        .await
        .call("GET", "/metrics", &Value::Null)
        .await;
    assert_eq!(answer.status, 404);
}
