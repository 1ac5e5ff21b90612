//! Messages of declared kinds, as JSON that no type of ours has written.

use crate::app::App;
use test_kit::{Bytes, Client};
use wire_tests::ws::typed::{NOTICES_CHANNEL, aims_channel, hall_channel, messages};

/// Sends a text and expects this answer.
async fn asked(client: &mut Client, text: &str, answer: &str) {
    assert_eq!(client.ask(text).await, answer, "{text}");
}

#[tokio::test]
async fn a_handled_message_reaches_its_method() {
    let app = App::start().await;
    let mut client = app.connect("/halls/a").await;
    let said = r#"{"type":"said","by":"nobody","text":"hi"}"#;
    asked(
        &mut client,
        r#"{"type":"say","text":"hi","note":null}"#,
        said,
    )
    .await;
    // The order of keys, unknown ones, and what is absent: none of it matters.
    asked(
        &mut client,
        r#"{"x":[1],"note":"n","tags":null,"text":"hi","type":"say"}"#,
        said,
    )
    .await;
}

#[tokio::test]
async fn what_is_published_is_heard_by_everybody_on_the_channel() {
    let app = App::start().await;
    let mut ada = app.connect("/halls/a").await;
    let mut bob = app.connect("/halls/a").await;
    let mut eve = app.connect("/halls/b").await;
    ada.send(r#"{"type":"typing","to":"bob","unknown":1}"#)
        .await;
    for client in [&mut ada, &mut bob] {
        assert_eq!(client.text().await, r#"{"type":"typing","to":"bob"}"#);
    }
    eve.send(r#"{"type":"typing"}"#).await;
    assert_eq!(eve.text().await, r#"{"type":"typing"}"#);
}

#[tokio::test]
async fn except_self_leaves_out_the_client_that_has_sent_it() {
    let app = App::start().await;
    let mut ada = app.connect("/quiet/a").await;
    let mut bob = app.connect("/halls/a").await;
    ada.send(r#"{"type":"typing"}"#).await;
    assert_eq!(bob.text().await, r#"{"type":"typing"}"#);
    bob.send(r#"{"type":"typing","to":"ada"}"#).await;
    assert_eq!(ada.text().await, r#"{"type":"typing","to":"ada"}"#);
}

#[tokio::test]
async fn the_application_publishes_to_typed_channels() {
    let app = App::start().await;
    let mut client = app.connect("/halls/a").await;
    let said = messages::Said {
        by: "the server".to_owned(),
        text: "hello".to_owned(),
    };
    let channels = app.state.ws().channels();
    assert_eq!(hall_channel("a").publish(channels, said), 1);
    assert_eq!(
        client.text().await,
        r#"{"type":"said","by":"the server","text":"hello"}"#
    );
    let mut noticed = app.connect("/noticed").await;
    let text = "lunch".to_owned();
    NOTICES_CHANNEL.publish(channels, messages::Notice { text });
    assert_eq!(
        noticed.text().await,
        r#"{"type":"said","by":"the server","text":"lunch"}"#
    );
}

#[tokio::test]
async fn a_placeholder_is_filled_from_what_the_endpoint_says() {
    let app = App::start().await;
    let mut client = app.connect("/renamed/a").await;
    let channels = app.state.ws().channels();
    let typing = messages::Typing { to: None };
    assert_eq!(hall_channel("b").publish(channels, &typing), 0);
    assert_eq!(hall_channel("a").publish(channels, &typing), 1);
    assert_eq!(client.text().await, r#"{"type":"typing"}"#);
}

#[tokio::test]
async fn a_channel_on_demand_is_joined_and_left_at_run_time() {
    let app = App::start().await;
    let mut client = app.connect("/halls/a").await;
    let target = messages::Target::Box(messages::Box { width: 1 });
    let aim = || messages::Aim {
        target: target.clone(),
    };
    let channels = app.state.ws().channels();
    assert_eq!(aims_channel("x").publish(channels, aim()), 0);
    let joined = r#"{"type":"said","by":"nobody","text":"+x"}"#;
    asked(
        &mut client,
        r#"{"type":"say","text":"+x","note":null}"#,
        joined,
    )
    .await;
    assert_eq!(aims_channel("x").publish(channels, aim()), 1);
    let heard = r#"{"type":"aim","target":{"shape":"box","width":1}}"#;
    assert_eq!(client.text().await, heard);
    let left = r#"{"type":"said","by":"nobody","text":"-x"}"#;
    asked(
        &mut client,
        r#"{"type":"say","text":"-x","note":null}"#,
        left,
    )
    .await;
    assert_eq!(aims_channel("x").publish(channels, aim()), 0);
}

#[tokio::test]
async fn an_ignored_message_is_read_and_forgotten() {
    let app = App::start().await;
    let mut client = app.connect("/halls/a").await;
    client.send(r#"{"type":"seen","count":5.0}"#).await;
    let pong = r#"{"type":"$pong"}"#;
    asked(&mut client, r#"{"type":"$ping"}"#, pong).await;
    let wrong = r#"{"type":"$invalid","errors":[{"at":"/count","must":"be present"}]}"#;
    asked(&mut client, r#"{"type":"seen"}"#, wrong).await;
}

#[tokio::test]
async fn a_request_gets_one_of_its_replies_with_its_id() {
    let app = App::start().await;
    let mut client = app.connect("/halls/a").await;
    let notice = r#"{"type":"notice","text":"welcome, ada"}"#;
    asked(
        &mut client,
        r#"{"type":"join","$id":7,"name":"ada"}"#,
        notice,
    )
    .await;
    let joined = r#"{"type":"joined","$id":7,"members":["ada"],"role":"member"}"#;
    assert_eq!(client.text().await, joined);
    let denied = r#"{"type":"denied","$id":"x","reason":"banned"}"#;
    asked(
        &mut client,
        r#"{"type":"join","$id":"x","name":"eve"}"#,
        denied,
    )
    .await;
    asked(
        &mut client,
        r#"{"$id":1,"type":"leave"}"#,
        r#"{"type":"left","$id":1}"#,
    )
    .await;
    let wrong = r#"{"type":"$invalid","errors":[{"at":"/$id","must":"be present"}]}"#;
    asked(&mut client, r#"{"type":"leave"}"#, wrong).await;
}

#[tokio::test]
async fn a_streamed_request_is_answered_beside_the_session() {
    let app = App::start().await;
    let mut client = app.connect("/halls/a").await;
    client.send(r#"{"type":"count","$id":1,"to":2}"#).await;
    for answer in [
        r#"{"type":"counted","$id":1,"number":"1"}"#,
        r#"{"type":"counted","$id":1,"number":"2"}"#,
        r#"{"type":"total","$id":1,"sum":"3","data":"aGk="}"#,
    ] {
        assert_eq!(client.text().await, answer);
    }
}

#[tokio::test]
async fn an_invalid_message_is_answered_with_its_places() {
    let app = App::start().await;
    let mut client = app.connect("/halls/a").await;
    for (text, errors) in [
        (
            r#"{"type":"say","text":"","note":null}"#,
            r#"{"at":"/text","must":"have at least 1 character"}"#,
        ),
        (
            r#"{"type":"say","text":"123456","note":null,"tags":["a","bcd","e"]}"#,
            r#"{"at":"/text","must":"have at most 5 characters"},{"at":"/tags/1","must":"have at most 2 characters"}"#,
        ),
        (
            r#"{"type":"say","text":"a"}"#,
            r#"{"at":"/note","must":"be present"}"#,
        ),
        (
            r#"{"type":"say","text":5,"note":null}"#,
            r#"{"at":"/text","must":"be a string"}"#,
        ),
        (
            r#"{"type":"aim","target":{"shape":"place","lat":91,"lon":0}}"#,
            r#"{"at":"/target/lat","must":"be at most 90"}"#,
        ),
        (
            r#"{"type":"aim","target":{"shape":"box","width":256}}"#,
            r#"{"at":"/target/width","must":"be at most 255"}"#,
        ),
        (
            r#"{"type":"aim","target":{"shape":"cone"}}"#,
            r#"{"at":"/target/shape","must":"be one of `place`, `box`"}"#,
        ),
        (
            r#"{"type":"say","text":"wrong","note":null}"#,
            r#"{"at":"/text","must":"be polite"}"#,
        ),
        (
            r#"{"type":"nobody"}"#,
            r#"{"at":"/type","must":"be a kind of message that is accepted here"}"#,
        ),
        ("[1]", r#"{"at":"","must":"be an object"}"#),
    ] {
        let answer = format!(r#"{{"type":"$invalid","errors":[{errors}]}}"#);
        asked(&mut client, text, &answer).await;
    }
}

#[tokio::test]
async fn one_of_several_types_is_told_by_its_tag() {
    let app = App::start().await;
    let mut client = app.connect("/halls/a").await;
    let aim = r#"{"type":"aim","target":{"shape":"place","lat":1.5,"lon":2.0}}"#;
    asked(&mut client, aim, aim).await;
    let last = r#"{"type":"aim","target":{"width":7,"shape":"box"}}"#;
    asked(
        &mut client,
        last,
        r#"{"type":"aim","target":{"shape":"box","width":7}}"#,
    )
    .await;
}

#[tokio::test]
async fn a_kind_may_be_a_number() {
    let app = App::start().await;
    let mut client = app.connect("/halls/a").await;
    asked(
        &mut client,
        r#"{"type":7,"at":"noon"}"#,
        r#"{"type":7,"at":"noon"}"#,
    )
    .await;
    asked(&mut client, r#"{"type":7.0}"#, r#"{"type":7}"#).await;
}

#[tokio::test]
async fn binary_frames_are_taken_where_they_are_declared() {
    let app = App::start().await;
    let mut client = app.connect("/halls/a").await;
    client.send(Bytes::from_static(&[0; 3])).await;
    assert_eq!(client.text().await, r#"{"type":"notice","text":"3 bytes"}"#);
    let mut silent = app.connect("/noticed").await;
    silent.send(Bytes::from_static(&[0; 3])).await;
    assert_eq!(silent.closed().await.0, 1003);
}

#[tokio::test]
async fn an_error_of_a_method_closes_the_session_with_1011() {
    let app = App::start().await;
    let mut client = app.connect("/halls/a").await;
    client
        .send(r#"{"type":"say","text":"fail","note":null}"#)
        .await;
    assert_eq!(client.closed().await.0, 1011);
}

#[tokio::test]
async fn a_strict_endpoint_closes_on_what_it_does_not_accept() {
    let app = App::start().await;
    for text in [r#"{"type":"seen"}"#, r#"{"type":"other"}"#, "no JSON"] {
        let mut client = app.connect("/strict").await;
        client.send(text).await;
        assert_eq!(client.closed().await.0, 1008, "{text}");
    }
}

#[tokio::test]
async fn raw_directions_take_and_give_anything() {
    let app = App::start().await;
    let mut client = app.connect("/untyped").await;
    asked(&mut client, "no JSON", "no JSON").await;
    client.send(Bytes::from_static(&[7])).await;
    assert_eq!(client.binary().await, Bytes::from_static(&[7]));
}

#[tokio::test]
async fn messages_are_written_as_the_spec_says() {
    let app = App::start().await;
    let mut client = app.connect("/wired").await;
    let told = r#"{"t":"told","i":1,"data":{"t":"a 5"}}"#;
    asked(
        &mut client,
        r#"{"t":"ask","i":1,"data":{"t":"a","i":5}}"#,
        told,
    )
    .await;
    let wrong =
        r#"{"t":"$invalid","i":2,"data":{"errors":[{"at":"/data/i","must":"be at most 9"}]}}"#;
    asked(
        &mut client,
        r#"{"t":"ask","i":2,"data":{"t":"a","i":10}}"#,
        wrong,
    )
    .await;
}
