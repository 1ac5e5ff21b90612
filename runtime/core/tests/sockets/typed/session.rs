//! What a typed session does besides decoding.

use super::{
    app::{JsonClient, chat, start},
    kinds::{Chat, ChatIncoming, RoomMessage, said},
};
use crate::{
    app::{next, until_all_are_gone},
    memory,
    raw::{BINARY, TEXT, frame},
};
use autumn_ws_core::{
    AppState, Closed, Endpoint, Event, Rate, Session as Untyped,
    messages::{Channel, Raw, RawToClient, Session, Typed},
};
use serde_json::Value;
use std::time::{Duration, SystemTime};
use tokio::{io::AsyncWriteExt, sync::mpsc};

#[tokio::test]
async fn a_ping_is_answered() {
    let server = start(&AppState::new(), chat);
    let mut client = JsonClient::open(&server).await;
    for ping in [
        r#"{"type":"$ping"}"#,
        r#"{"$id":7,"more":[1],"type":"$ping"}"#,
    ] {
        assert_eq!(client.ask(ping).await, r#"{"type":"$pong"}"#);
    }
    client.works().await;
}

#[tokio::test]
async fn the_client_learns_when_the_session_expires() {
    let server = start(&AppState::new(), async |mut session: Session<Chat>| {
        session.expires_at(SystemTime::now() + Duration::from_secs(59));
        while let Some(event) = session.next().await {
            match event {
                Event::Message(_) => session.expires_at(SystemTime::now()),
                event => session.fallback(event).await?,
            }
        }
        Ok(())
    });
    let mut client = JsonClient::open(&server).await;
    let expiring: Value = serde_json::from_str(&client.text().await).unwrap();
    assert_eq!(expiring["type"], "$expiring");
    let left = expiring["in"].as_u64().unwrap();
    assert!((30..60).contains(&left), "{expiring}");
    client.send(r#"{"type":"say","text":"x"}"#).await;
    assert_eq!(client.closed().await, (4401, "expired".to_owned()));
}

struct Hasty;

impl Endpoint for Hasty {
    const NAME: &'static str = "hasty";
    const SEND_TIMEOUT: Duration = Duration::from_secs(1);
}

impl Typed for Hasty {
    type Incoming = ChatIncoming;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_asks_for_answers_and_takes_none_is_cut_off() {
    let state = AppState::new();
    let server = memory::start::<Hasty, _, _>(&state, async |session| {
        let mut session = Session::<Hasty>::new(session);
        while let Some(event) = session.next().await {
            session.fallback(event).await?;
        }
        Ok(())
    });
    let client = server.open().await;
    let (_unread, mut writing) = tokio::io::split(client.stream);
    for text in [r#"{"type":"$ping"}"#, r#"{"type":"new"}"#].iter().cycle() {
        if writing
            .write_all(&frame(TEXT, text.as_bytes()))
            .await
            .is_err()
        {
            break;
        }
    }
    until_all_are_gone(&state).await;
    assert_eq!(state.metrics().snapshot().endpoints[0].send_timeouts, 1);
}

struct Slow;

impl Endpoint for Slow {
    const NAME: &'static str = "slow";
    const RATE: Option<Rate> = Some(Rate::per_hour(1));
}

impl Typed for Slow {
    type Incoming = ChatIncoming;
}

#[tokio::test]
async fn messages_of_ours_do_not_count_towards_the_rate() {
    let server = start(&AppState::new(), async |mut session: Session<Slow>| {
        while let Some(event) = session.next().await {
            match event {
                Event::Message(ChatIncoming::Say(say)) => session.send(said(&say.text)).await?,
                event => session.fallback(event).await?,
            }
        }
        Ok(())
    });
    let mut client = JsonClient::open(&server).await;
    for _ in 0..50 {
        assert_eq!(
            client.ask(r#"{"type":"$ping"}"#).await,
            r#"{"type":"$pong"}"#
        );
        client.send(r#"{"type":"$cancel","$id":1}"#).await;
    }
    client.works().await;
}

#[tokio::test]
async fn the_code_reads_what_its_channels_carry() {
    const ROOM: Channel<RoomMessage> = Channel::fixed("room");
    let state = AppState::new();
    let channels = state.channels().clone();
    let (report, mut reports) = mpsc::unbounded_channel();
    let server = start(&state, move |mut session: Session<Chat>| {
        session.subscribe("room", ROOM.subscribe(&channels));
        let report = report.clone();
        async move {
            report.send("open".to_owned()).unwrap();
            while let Some(event) = session.next().await {
                match event {
                    Event::Channel("room", message) => {
                        let text = session
                            .read(message)
                            .map(|RoomMessage::Said(said)| said.text);
                        report.send(text.unwrap_or_default()).unwrap();
                    }
                    event => session.fallback(event).await?,
                }
            }
            Ok(())
        }
    });
    let _client = JsonClient::open(&server).await;
    assert_eq!(next(&mut reports).await, "open");
    ROOM.publish(state.channels(), said("hello"));
    assert_eq!(next(&mut reports).await, "hello");
    // From a replica of another version.
    state.channels().publish(ROOM.name(), r#"{"type":"new"}"#);
    state.channels().publish(ROOM.name(), vec![0]);
    assert_eq!(next(&mut reports).await, "");
    assert_eq!(next(&mut reports).await, "");
}

struct Open;

impl Endpoint for Open {
    const NAME: &'static str = "open";
}

impl Typed for Open {
    type Incoming = Raw;
}

impl RawToClient for Open {}

#[tokio::test]
async fn raw_directions_pass_messages_as_they_are() {
    let server = start(&AppState::new(), async |mut session: Session<Open>| {
        while let Some(event) = session.next().await {
            match event {
                Event::Message(Raw(message)) => session.send_raw(message).await?,
                event => session.fallback(event).await?,
            }
        }
        Ok(())
    });
    let mut client = JsonClient::open(&server).await;
    for text in [r#"{"type":"$ping"}"#, "{", ""] {
        assert_eq!(client.ask(text).await, text);
    }
    client.0.write(&frame(BINARY, b"x")).await;
    assert_eq!(client.0.frame().await, Some((BINARY, b"x".to_vec())));
}

struct Upload;

impl Endpoint for Upload {
    const NAME: &'static str = "upload";
}

impl Typed for Upload {
    type Incoming = ChatIncoming;
}

#[tokio::test]
async fn binary_messages_are_delivered_where_they_are_declared() {
    let server = start(&AppState::new(), async |mut session: Session<Upload>| {
        while let Some(event) = session.next().await {
            match event {
                Event::Message(ChatIncoming::Binary(data)) if data.is_empty() => {
                    session.invalid("", "have content").await?;
                }
                Event::Message(ChatIncoming::Binary(data)) => {
                    session.send(said(&data.len().to_string())).await?;
                }
                event => session.fallback(event).await?,
            }
        }
        Ok(())
    });
    let mut client = JsonClient::open(&server).await;
    assert!(
        client
            .ask(r#"{"type":"say","$id":7}"#)
            .await
            .contains(r#""$id":7"#)
    );
    client.0.write(&frame(BINARY, b"")).await;
    let invalid = r#"{"type":"$invalid","errors":[{"at":"","must":"have content"}]}"#;
    assert_eq!(client.text().await, invalid);
    client.0.write(&frame(BINARY, &[0; 300])).await;
    assert_eq!(client.text().await, r#"{"type":"said","text":"300"}"#);
}

#[tokio::test]
async fn next_can_be_cancelled_without_loss() {
    let server = start(&AppState::new(), async |mut session: Session<Chat>| {
        loop {
            tokio::select! {
                biased;
                () = tokio::task::yield_now() => {}
                event = session.next() => match event {
                    Some(Event::Message(ChatIncoming::Say(say))) => session.send(said(&say.text)).await?,
                    Some(event) => session.fallback(event).await?,
                    None => return Ok(()),
                },
            }
        }
    });
    let mut client = JsonClient::open(&server).await;
    for n in 0..50 {
        client
            .send(&format!(r#"{{"type":"say","text":"{n}"}}"#))
            .await;
        client.send(r#"{"type":"$ping"}"#).await;
        client.send("{}").await;
    }
    for n in 0..20 {
        assert_eq!(
            client.text().await,
            format!(r#"{{"type":"said","text":"{n}"}}"#)
        );
        assert_eq!(client.text().await, r#"{"type":"$pong"}"#);
        assert!(client.text().await.contains("$invalid"));
    }
}

/// The bytes of a session's code that waits.
fn size<S, Fut: Future>(_: fn(S) -> Fut) -> usize {
    size_of::<Fut>()
}

async fn echo(mut session: Untyped) -> Result<(), Closed> {
    while let Some(event) = session.next().await {
        match event {
            Event::Message(message) => session.send(message).await?,
            event => session.fallback(event).await?,
        }
    }
    Ok(())
}

#[test]
fn a_typed_session_is_not_much_larger_than_a_raw_one() {
    let (typed, raw) = (size(chat), size(echo));
    // With the state, which is on the heap and has at most 88 bytes, that is less than a tenth of the
    // 3.1 KiB that an idle connection takes.
    assert!(typed + 88 <= raw + 300, "{typed} and {raw}");
}
