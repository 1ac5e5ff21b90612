//! Typed channels.

use super::{
    app::{JsonClient, start},
    kinds::{Chat, ChatIncoming, Joined, RoomMessage, said},
};
use crate::{
    app::{Careful, until},
    raw::{RawClient, TEXT},
};
use autumn_ws_core::{
    AppState, Event, RecvError, Session, Upgrade,
    messages::{Carried, Channel, Kind, OnDemand, Session as TypedSession, Tag},
    testing::TestServer,
};
use axum::{Router, extract::State, response::Response, routing::any};
use serde::{Serialize, Serializer, ser::Error};

fn room_channel(room: &str) -> Channel<RoomMessage> {
    Channel::filled("room:{room}", format!("room:{room}")).capacity(2)
}

/// Relays the room `a`.
async fn relay(mut upgrade: Upgrade<Careful>, State(state): State<AppState>) -> Response {
    upgrade.relay("room", room_channel("a").subscribe(state.channels()));
    upgrade
        .on_upgrade(async |mut session: Session| {
            while let Some(event) = session.next().await {
                session.fallback(event).await?;
            }
            Ok(())
        })
        .await
}

#[tokio::test]
async fn what_is_published_reaches_every_client_of_the_channel() {
    let state = AppState::new();
    let app = Router::new()
        .route("/", any(relay))
        .with_state(state.clone());
    let server = TestServer::start(app, state.shutdown());
    let mut clients = [
        RawClient::open(server.addr()).await,
        RawClient::open(server.addr()).await,
    ];
    let channels = state.channels();
    let sender = room_channel("a").sender(channels);
    until("both listen", || sender.send(said("first")) == 2).await;
    assert_eq!(room_channel("a").publish(channels, said("second")), 2);
    assert_eq!(room_channel("b").publish(channels, said("elsewhere")), 0);
    for client in &mut clients {
        let second = br#"{"type":"said","text":"second"}"#.to_vec();
        while client.frame().await.unwrap() != (TEXT, second.clone()) {}
    }
}

#[tokio::test]
async fn a_subscriber_may_fall_behind_by_the_capacity_of_the_channel() {
    let state = AppState::new();
    let mut room = room_channel("a").subscribe(state.channels());
    for text in ["1", "2", "3"] {
        room_channel("a").publish(state.channels(), said(text));
    }
    assert_eq!(room.recv().await, Err(RecvError::Lagged(1)));
    let room = state.metrics().snapshot().channels.remove(0);
    assert_eq!((room.pattern, room.published), ("room:{room}", 3));
}

#[test]
fn a_message_that_cannot_be_written_reaches_nobody() {
    struct Broken;
    impl Serialize for Broken {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(S::Error::custom("out of order"))
        }
    }
    impl Kind for Broken {
        const TAG: Tag<'static> = Tag::Text("broken");
    }
    impl Carried<RoomMessage> for Broken {}
    let state = AppState::new();
    let _room = room_channel("a").subscribe(state.channels());
    assert_eq!(room_channel("a").publish(state.channels(), Broken), 0);
    assert_eq!(room_channel("b").sender(state.channels()).send(Broken), 0);
    let room = state.metrics().snapshot().channels.remove(0);
    assert_eq!((room.published, room.unwritten), (0, 2));
}

impl OnDemand<Chat> for RoomMessage {}

#[tokio::test]
async fn a_typed_session_joins_and_leaves() {
    let state = AppState::new();
    let server = start(&state, async |mut session: TypedSession<Chat>| {
        while let Some(event) = session.next().await {
            match event {
                Event::Message(ChatIncoming::Join(id, join)) => {
                    session.join(room_channel(&join.name)).await?;
                    session.reply(id, Joined { name: join.name }).await?;
                }
                Event::Message(ChatIncoming::Say(say)) => {
                    let has_left = session.leave(room_channel(&say.text));
                    session.send(said(&has_left.to_string())).await?;
                }
                event => session.fallback(event).await?,
            }
        }
        Ok(())
    });
    let mut client = JsonClient::open(&server).await;
    let joined = client.ask(r#"{"type":"join","$id":1,"name":"a"}"#).await;
    assert_eq!(joined, r#"{"type":"joined","$id":1,"name":"a"}"#);
    assert_eq!(
        room_channel("a").publish(state.channels(), said("hello")),
        1
    );
    assert_eq!(client.text().await, r#"{"type":"said","text":"hello"}"#);
    let left = client.ask(r#"{"type":"say","text":"a"}"#).await;
    assert_eq!(left, r#"{"type":"said","text":"true"}"#);
    assert_eq!(
        room_channel("a").publish(state.channels(), said("hello")),
        0
    );
}
