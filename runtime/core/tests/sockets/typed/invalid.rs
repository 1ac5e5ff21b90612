//! What is answered to a message that is not accepted.

use super::{
    app::{JsonClient, chat, start},
    kinds::{Chat, ChatIncoming, said},
};
use crate::{
    raw::{BINARY, frame},
    scrape::Scrape,
};
use autumn_ws_core::{
    AppState, Closed, Endpoint, Event, close_code,
    messages::{Body, Incoming, Invalid, Nothing, OnInvalid, Session, Tag, Typed, Wire},
};

const INVALID: &str = r#"{"type":"say","text":""}"#;

struct Strict;

impl Endpoint for Strict {
    const NAME: &'static str = "strict";
}

impl Typed for Strict {
    type Incoming = Nothing;
    const ON_INVALID: OnInvalid = OnInvalid::Close;
}

async fn listen<E: Typed>(mut session: Session<E>) -> Result<(), Closed> {
    while let Some(event) = session.next().await {
        session.fallback(event).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_place_is_reported_with_the_id() {
    let server = start(&AppState::new(), chat);
    let mut client = JsonClient::open(&server).await;
    let cases = [
        (
            r#"{"type":"say","text":"12345678901"}"#,
            r#"{"type":"$invalid","errors":[{"at":"/text","must":"have at most 10 characters"}]}"#,
        ),
        (
            r#"{"type":"say","$id":7}"#,
            r#"{"type":"$invalid","$id":7,"errors":[{"at":"/text","must":"be present"}]}"#,
        ),
        (
            r#"{"text":"x","$id":"a"}"#,
            r#"{"type":"$invalid","$id":"a","errors":[{"at":"/type","must":"be present"}]}"#,
        ),
        (
            r#"{"type":"sya"}"#,
            r#"{"type":"$invalid","errors":[{"at":"/type","must":"be a kind of message that is accepted here"}]}"#,
        ),
        (
            r#"{"type":"$token","token":"x"}"#,
            r#"{"type":"$invalid","errors":[{"at":"/type","must":"be a kind of message that is accepted here"}]}"#,
        ),
        (
            "{",
            r#"{"type":"$invalid","errors":[{"at":"","must":"be JSON"}]}"#,
        ),
        (
            r#"{"type":"join","name":"x"}"#,
            r#"{"type":"$invalid","errors":[{"at":"/$id","must":"be present"}]}"#,
        ),
    ];
    for (text, answer) in cases {
        assert_eq!(client.ask(text).await, answer);
    }
    client.works().await;
}

#[tokio::test]
async fn more_than_20_in_a_minute_close() {
    let server = start(&AppState::new(), chat);
    let mut client = JsonClient::open(&server).await;
    for _ in 0..20 {
        client.errors(INVALID).await;
    }
    client.works().await;
    client.send(INVALID).await;
    let closed = client.closed().await;
    assert_eq!(
        closed,
        (close_code::POLICY, "too many invalid messages".to_owned())
    );
}

#[tokio::test]
async fn unknown_kinds_do_not_count() {
    let server = start(&AppState::new(), chat);
    let mut client = JsonClient::open(&server).await;
    for _ in 0..100 {
        let errors = client.errors(r#"{"type":"new"}"#).await;
        assert_eq!(errors[0].0, "/type");
    }
    client.works().await;
}

#[tokio::test]
async fn a_strict_endpoint_closes_at_once_for_unknown_kinds_too() {
    let server = start(&AppState::new(), listen::<Strict>);
    for text in ["{", r#"{"type":"new"}"#] {
        let mut client = JsonClient::open(&server).await;
        assert_eq!(
            client.ask(r#"{"type":"$ping"}"#).await,
            r#"{"type":"$pong"}"#
        );
        client.send(text).await;
        assert_eq!(client.closed().await.0, close_code::POLICY);
    }
}

struct Foreign;

impl Endpoint for Foreign {
    const NAME: &'static str = "foreign";
}

impl Typed for Foreign {
    type Incoming = ForeignIncoming;
}

/// The messages of the chat in another envelope.
struct ForeignIncoming(ChatIncoming);

impl Incoming for ForeignIncoming {
    const WIRE: Wire = Wire {
        tag: "op",
        id: "nonce",
        content: Some("d"),
        built_in: true,
    };

    fn read(tag: Tag<'_>, body: Body<'_>) -> Result<Self, Invalid> {
        ChatIncoming::read(tag, body).map(Self)
    }
}

#[tokio::test]
async fn another_envelope_has_the_errors_in_its_content() {
    let server = start(&AppState::new(), async |mut session: Session<Foreign>| {
        while let Some(event) = session.next().await {
            match event {
                Event::Message(ForeignIncoming(ChatIncoming::Say(_))) => {
                    session.invalid("/text", "be new").await?;
                }
                event => session.fallback(event).await?,
            }
        }
        Ok(())
    });
    let mut client = JsonClient::open(&server).await;
    let cases = [
        (
            r#"{"op":"say","nonce":7,"d":{"text":5}}"#,
            r#"{"op":"$invalid","nonce":7,"d":{"errors":[{"at":"/d/text","must":"be a string"}]}}"#,
        ),
        (
            r#"{"op":"say","nonce":8,"d":{"text":"x"}}"#,
            r#"{"op":"$invalid","nonce":8,"d":{"errors":[{"at":"/d/text","must":"be new"}]}}"#,
        ),
        (r#"{"op":"$ping"}"#, r#"{"op":"$pong","d":{}}"#),
    ];
    for (text, answer) in cases {
        assert_eq!(client.ask(text).await, answer);
    }
}

struct Bare;

impl Endpoint for Bare {
    const NAME: &'static str = "bare";
}

impl Typed for Bare {
    type Incoming = BareIncoming;
}

enum BareIncoming {}

impl Incoming for BareIncoming {
    const WIRE: Wire = Wire {
        built_in: false,
        ..Wire::DEFAULT
    };

    fn read(_: Tag<'_>, body: Body<'_>) -> Result<Self, Invalid> {
        Err(body.unknown_kind())
    }
}

#[tokio::test]
async fn without_messages_of_ours_what_is_not_accepted_closes() {
    let server = start(&AppState::new(), listen::<Bare>);
    let unknown = "invalid message: at /type: must be a kind of message that is accepted here";
    for text in [r#"{"type":"$ping"}"#, r#"{"type":"$cancel","$id":7}"#] {
        let mut client = JsonClient::open(&server).await;
        client.send(text).await;
        assert_eq!(
            client.closed().await,
            (close_code::POLICY, unknown.to_owned())
        );
    }
}

#[tokio::test]
async fn binary_messages_close_where_they_are_not_declared() {
    for server in [
        start(&AppState::new(), chat),
        start(&AppState::new(), listen::<Strict>),
    ] {
        let mut client = JsonClient::open(&server).await;
        client.0.write(&frame(BINARY, b"x")).await;
        let closed = client.closed().await;
        assert_eq!(
            closed,
            (close_code::UNSUPPORTED, "text messages only".to_owned())
        );
    }
}

#[tokio::test]
async fn the_code_may_refuse_a_message_as_well() {
    let state = AppState::new();
    let server = start(&state, async |mut session: Session<Chat>| {
        session.invalid("", "begin").await?;
        while let Some(event) = session.next().await {
            match event {
                Event::Message(ChatIncoming::Say(say)) if say.text == "x" => {
                    session.send(said("x")).await?;
                }
                Event::Message(ChatIncoming::Say(_)) => session.invalid("/text", "be x").await?,
                event => session.fallback(event).await?,
            }
        }
        Ok(())
    });
    let mut client = JsonClient::open(&server).await;
    assert_eq!(
        client.text().await,
        r#"{"type":"$invalid","errors":[{"at":"","must":"begin"}]}"#
    );
    let refused = client.ask(r#"{"type":"say","text":"y","$id":7}"#).await;
    assert_eq!(
        refused,
        r#"{"type":"$invalid","$id":7,"errors":[{"at":"/text","must":"be x"}]}"#
    );
    client.works().await;
    for _ in 0..18 {
        client.errors(r#"{"type":"say","text":"y"}"#).await;
    }
    client.send(r#"{"type":"say","text":"y"}"#).await;
    assert_eq!(client.closed().await.0, close_code::POLICY);
    let scrape = Scrape::read(&state.metrics().prometheus());
    let invalid = r#"messages_invalid_total{endpoint="chat",kind="say"}"#;
    assert_eq!(scrape.get(invalid), 20);
}

#[tokio::test]
async fn they_are_counted_by_kind_and_no_client_makes_up_a_kind() {
    let state = AppState::new();
    let server = start(&state, chat);
    let mut client = JsonClient::open(&server).await;
    for text in [
        INVALID,
        INVALID,
        "{",
        "[]",
        r#"{"type":"join"}"#,
        r#"{"type":"a"}"#,
        r#"{"type":"b"}"#,
    ] {
        client.errors(text).await;
    }
    let scrape = Scrape::read(&state.metrics().prometheus());
    for (kind, count) in [("say", 2), ("$none", 2), ("join", 1), ("$unknown", 2)] {
        let series = format!(r#"messages_invalid_total{{endpoint="chat",kind="{kind}"}}"#);
        assert_eq!(scrape.get(&series), count, "{kind}");
    }
}
