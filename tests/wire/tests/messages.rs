//! `on_message` and `accept`: what happens to a client's messages.

use crate::app::App;
use test_kit::{Bytes, Message};
use wire_tests::ws::messages::BULLETIN_CHANNEL;

const BYTES: Bytes = Bytes::from_static(&[0, 159, 146, 150]);

#[tokio::test]
async fn handle_calls_the_client_s_handler() {
    let app = App::start().await;
    let mut ada = app.connect("/handled").await;
    let mut bob = app.connect("/handled").await;
    assert_eq!(ada.ask("a").await, "1: a");
    assert_eq!(ada.ask("b").await, "2: b");
    assert_eq!(bob.ask("c").await, "1: c");
}

#[tokio::test]
async fn handle_is_the_default() {
    let app = App::start().await;
    assert_eq!(app.connect("/implied").await.ask("a").await, "implied: a");
}

#[tokio::test]
async fn echo_sends_back_in_order() {
    let app = App::start().await;
    let mut client = app.connect("/echoed").await;
    client.send("text").await;
    client.send(BYTES).await;
    client.send("").await;
    assert_eq!(client.text().await, "text");
    assert_eq!(client.binary().await, BYTES);
    assert_eq!(client.text().await, "");
}

#[tokio::test]
async fn ignore_answers_nothing_and_continues() {
    let app = App::start().await;
    let mut client = app.connect("/ignored").await;
    client.send("anybody?").await;
    client.send(BYTES).await;
    // The pong proves that both were read, because they came before the ping.
    client.send(Message::Ping(Bytes::new())).await;
    assert!(matches!(client.frame().await, Some(Ok(Message::Pong(_)))));
    assert_eq!(app.publish(BULLETIN_CHANNEL, "still there"), 1);
    assert_eq!(client.text().await, "still there");
}

#[tokio::test]
async fn publish_keeps_the_kind_of_message() {
    let app = App::start().await;
    let mut client = app.connect("/published").await;
    let mut other = app.connect("/ignored").await;
    client.send("text").await;
    client.send(BYTES).await;
    for client in [&mut client, &mut other] {
        assert_eq!(client.text().await, "text");
        assert_eq!(client.binary().await, BYTES);
    }
}

#[tokio::test]
async fn text_only_closes_on_bytes() {
    let app = App::start().await;
    let mut client = app.connect("/text-only").await;
    assert_eq!(client.ask("text").await, "text");
    client.send(BYTES).await;
    assert_eq!(client.closed().await.0, 1003);
}

#[tokio::test]
async fn binary_only_closes_on_text() {
    let app = App::start().await;
    let mut client = app.connect("/binary-only").await;
    client.send(BYTES).await;
    assert_eq!(client.binary().await, BYTES);
    client.send("text").await;
    assert_eq!(client.closed().await.0, 1003);
}

#[tokio::test]
async fn both_kinds_are_accepted_where_both_are_named() {
    let app = App::start().await;
    let mut client = app.connect("/either").await;
    assert_eq!(client.ask("text").await, "text");
    client.send(BYTES).await;
    assert_eq!(client.binary().await, BYTES);
}

#[tokio::test]
async fn a_message_may_go_to_all_others() {
    let app = App::start().await;
    let mut client = app.connect("/others").await;
    let mut other = app.connect("/others-too").await;
    let mut third = app.connect("/published").await;
    client.send("from the first").await;
    for client in [&mut other, &mut third] {
        assert_eq!(client.text().await, "from the first");
    }
    other.send("from the second").await;
    for client in [&mut client, &mut third] {
        assert_eq!(client.text().await, "from the second");
    }
    // The next one that each of them hears is not its own.
    third.send("from the third").await;
    for client in [&mut client, &mut other, &mut third] {
        assert_eq!(client.text().await, "from the third");
    }
}
