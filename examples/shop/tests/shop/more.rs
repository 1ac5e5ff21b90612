//! What comes with generated sockets, and nobody wrote for this shop.

use crate::suite::server::{Shop, hear, say};
use serde_json::{Value, json};
use test_kit::Client;

/// A room, with somebody in it.
async fn in_a_room(shop: &Shop) -> Client {
    let ann = shop.sign_in("ann").await;
    ann.socket("/live/support/delivery").open().await
}

/// What is wrong with a message, as the server says.
async fn errors_of(client: &mut Client, message: &str) -> Value {
    client.send(message).await;
    let answer = hear(client).await;
    assert_eq!(answer["type"], "$invalid", "{message}");
    answer["errors"].clone()
}

#[tokio::test]
async fn what_is_wrong_is_said_with_its_place() {
    let shop = Shop::open().await;
    let mut ann = in_a_room(&shop).await;
    for (message, at) in [
        (r#"{"type":"say"}"#, "/text"),
        (r#"{"type":"say","text":5}"#, "/text"),
        (r#"{"type":"sing","text":"la"}"#, "/type"),
        (r#"{"text":"la"}"#, "/type"),
        (r#"{"type":"say","text":"la","text":"la"}"#, "/text"),
        ("la", ""),
    ] {
        assert_eq!(errors_of(&mut ann, message).await[0]["at"], at, "{message}");
    }
}

#[tokio::test]
async fn a_client_that_only_sends_nonsense_is_closed() {
    let shop = Shop::open().await;
    let mut ann = in_a_room(&shop).await;
    for _ in 0..20 {
        errors_of(&mut ann, "nonsense").await;
    }
    ann.send("nonsense").await;
    assert_eq!(ann.closed_after_pings().await.0, 1008);
}

#[tokio::test]
async fn pages_can_check_that_the_server_is_there() {
    let shop = Shop::open().await;
    let mut ann = in_a_room(&shop).await;
    say(&mut ann, &json!({ "type": "$ping" })).await;
    assert_eq!(hear(&mut ann).await, json!({ "type": "$pong" }));
}

#[tokio::test]
async fn the_end_of_a_login_is_announced() {
    let shop = Shop::with_logins_of(30).await;
    let ann = shop.sign_in("ann").await;
    let mut notices = ann.socket("/live/notices").open().await;
    let announced: Value = serde_json::from_str(&notices.text().await).unwrap();
    assert_eq!(announced["type"], "$expiring");
    assert!(
        (1..=30).contains(&announced["in"].as_u64().unwrap()),
        "{announced}"
    );
}

#[tokio::test]
async fn pages_of_other_sites_get_no_socket() {
    let shop = Shop::open().await;
    let ann = shop.sign_in("ann").await;
    let request = ann.socket("/live/notices").origin("https://evil.example");
    assert_eq!(request.refused().await.status(), 403);
}

#[tokio::test]
async fn a_page_sees_why_it_is_refused() {
    let shop = Shop::open().await;
    let (ann, bob) = (shop.sign_in("ann").await, shop.sign_in("bob").await);
    let tea = ann.order("tea").await;
    let order = format!("/live/orders/{}", tea["id"]);
    let page = format!("http://{}", shop.public);
    for (request, code) in [
        (bob.socket(&order), 4403),
        (bob.socket("/live/orders/99"), 4404),
        (shop.stranger().socket(&order), 4401),
    ] {
        let mut refused = request.origin(&page).open().await;
        assert_eq!(refused.closed_after_pings().await.0, code);
    }
}

#[tokio::test]
async fn a_message_that_is_too_long_is_named_as_the_reason() {
    let shop = Shop::open().await;
    let mut ann = in_a_room(&shop).await;
    ann.send("x".repeat(5000)).await;
    assert_eq!(ann.closed_after_pings().await.0, 1009);
}

#[tokio::test]
async fn a_restart_closes_sockets_with_its_code() {
    let shop = Shop::open().await;
    let mut ann = in_a_room(&shop).await;
    shop.process.terminate();
    assert_eq!(ann.closed_after_pings().await.0, 1012);
    drop(ann);
    let (status, _) = shop.process.ended().await;
    assert!(status.success(), "{status}");
}
