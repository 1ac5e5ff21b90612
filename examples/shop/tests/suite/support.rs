//! Rooms in which customers get help.

use super::server::{Shop, hear, say};
use serde_json::{Value, json};

#[tokio::test]
async fn everyone_in_a_room_hears_what_is_said() {
    let shop = Shop::open().await;
    let (ann, sue) = (shop.sign_in("ann").await, shop.sign_in("sue").await);
    let mut customer = ann.socket("/live/support/delivery").open().await;
    let mut staff = sue.socket("/live/support/delivery").open().await;
    let mut elsewhere = sue.socket("/live/support/returns").open().await;
    say(
        &mut customer,
        &json!({ "type": "say", "text": "where is my tea?" }),
    )
    .await;
    let said = json!({ "type": "said", "id": 1, "by": "ann", "text": "where is my tea?" });
    assert_eq!(hear(&mut customer).await, said);
    assert_eq!(hear(&mut staff).await, said);
    say(&mut staff, &json!({ "type": "say", "text": "in the post" })).await;
    let said = json!({ "type": "said", "id": 2, "by": "sue", "text": "in the post" });
    assert_eq!(hear(&mut customer).await, said);

    // The other room heard nothing of this.
    say(
        &mut elsewhere,
        &json!({ "type": "say", "text": "nobody here?" }),
    )
    .await;
    assert_eq!(hear(&mut elsewhere).await["id"], 3);

    let lines = ann
        .call("GET", "/support/delivery/lines", &Value::Null)
        .await
        .json();
    assert_eq!(
        lines[1],
        json!({ "id": 2, "by": "sue", "text": "in the post" })
    );
    assert_eq!(lines.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn typing_is_seen_by_the_others_only() {
    let shop = Shop::open().await;
    let (ann, sue) = (shop.sign_in("ann").await, shop.sign_in("sue").await);
    let mut customer = ann.socket("/live/support/delivery").open().await;
    let mut staff = sue.socket("/live/support/delivery").open().await;
    say(&mut customer, &json!({ "type": "typing" })).await;
    assert_eq!(hear(&mut staff).await, json!({ "type": "typing" }));
    say(&mut staff, &json!({ "type": "say", "text": "yes?" })).await;
    assert_eq!(hear(&mut customer).await["text"], "yes?");
}

#[tokio::test]
async fn what_is_said_has_1_to_500_characters() {
    let shop = Shop::open().await;
    let mut ann = shop
        .sign_in("ann")
        .await
        .socket("/live/support/delivery")
        .open()
        .await;
    // Characters, not bytes.
    let long = "ü".repeat(500);
    say(&mut ann, &json!({ "type": "say", "text": long })).await;
    assert_eq!(hear(&mut ann).await["text"], long);
    for (text, must) in [
        (String::new(), "have at least 1 character"),
        ("ü".repeat(501), "have at most 500 characters"),
    ] {
        say(&mut ann, &json!({ "type": "say", "text": text })).await;
        let errors = json!([{ "at": "/text", "must": must }]);
        assert_eq!(
            hear(&mut ann).await,
            json!({ "type": "$invalid", "errors": errors })
        );
    }
}

#[tokio::test]
async fn nonsense_is_answered_and_does_no_harm() {
    let shop = Shop::open().await;
    let mut ann = shop
        .sign_in("ann")
        .await
        .socket("/live/support/delivery")
        .open()
        .await;
    for nonsense in [
        r#"{"type":"say"}"#,
        r#"{"type":"say","text":5}"#,
        r#"{"type":"sing","text":"la"}"#,
        r#"{"text":"la"}"#,
        "la",
        "",
    ] {
        ann.send(nonsense).await;
        assert_eq!(hear(&mut ann).await["type"], "$invalid", "{nonsense}");
    }
    say(&mut ann, &json!({ "type": "say", "text": "sorry" })).await;
    assert_eq!(hear(&mut ann).await["text"], "sorry");
}

#[tokio::test]
async fn binary_messages_are_refused() {
    let shop = Shop::open().await;
    let mut ann = shop
        .sign_in("ann")
        .await
        .socket("/live/support/delivery")
        .open()
        .await;
    ann.send(vec![1, 2, 3]).await;
    assert_eq!(ann.closed_after_pings().await.0, 1003);
}

#[tokio::test]
async fn a_room_must_exist() {
    let shop = Shop::open().await;
    let ann = shop.sign_in("ann").await;
    assert_eq!(
        ann.socket("/live/support/cellar").refused().await.status(),
        404
    );
    assert_eq!(
        shop.stranger()
            .socket("/live/support/delivery")
            .refused()
            .await
            .status(),
        401
    );
}
