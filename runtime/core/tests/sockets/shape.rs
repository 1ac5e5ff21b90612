//! A module like those that the generator prints, with the application's own state.

use autumn_ws_core::{
    Accept, AppState, CloseCode, Closed, Endpoint, Event, Lagged, Missed, Origins, Rejection,
    Session, Subscription, Upgrade, close_code, escape,
    testing::{self, TestServer},
};
use axum::{
    Router,
    extract::{FromRef, Path, Query, State},
    response::{Response, Result},
    routing::get,
};
use serde::Deserialize;
use std::time::Duration;

#[derive(Clone)]
struct MyState {
    sockets: AppState,
    secret: &'static str,
}

impl FromRef<MyState> for AppState {
    fn from_ref(state: &MyState) -> Self {
        state.sockets.clone()
    }
}

pub struct RoomEndpoint;

impl Endpoint for RoomEndpoint {
    const NAME: &'static str = "chat.room";
    const ORIGINS: Origins = Origins::Same;
    const ACCEPT: Accept = Accept::TextAndBinary;
    const SUBPROTOCOLS: &'static [&'static str] = &["support.v2", "support.v1"];
    const MESSAGE_SIZE: usize = 1024 * 1024;
    const HEARTBEAT: Option<Duration> = Some(Duration::from_secs(30));
    const IDLE: Option<Duration> = Some(Duration::from_mins(2));
    const SEND_TIMEOUT: Duration = Duration::from_secs(10);
    const CONNECTIONS: Option<usize> = None;
    const LAG: Missed = Missed::Handle;
    const GAP: Missed = Missed::Handle;
    const SHUTDOWN_CODE: CloseCode = close_code::AWAY;
    const SHUTDOWN_REASON: &'static str = "server shutting down";
    const DRAIN: Duration = Duration::from_secs(10);
}

#[derive(Deserialize)]
struct RoomPath {
    room: String,
}

#[derive(Deserialize)]
struct RoomQuery {
    nick: Option<String>,
}

struct Room {
    nick: String,
}

impl Room {
    async fn open(state: &MyState, query: RoomQuery) -> core::result::Result<Self, Rejection> {
        tokio::task::yield_now().await;
        let nick = query
            .nick
            .ok_or_else(|| Rejection::unauthorized("say who you are"))?;
        if nick == state.secret {
            return Err(Rejection::forbidden("that one is taken"));
        }
        Ok(Self { nick })
    }
}

async fn room(
    mut upgrade: Upgrade<RoomEndpoint>,
    State(state): State<MyState>,
    Path(path): Path<RoomPath>,
    Query(query): Query<RoomQuery>,
) -> Result<Response> {
    let channels = AppState::from_ref(&state).channels().clone();
    let room = format!("room:{}", escape(&path.room));
    let subscription = channels.subscribe(&room);
    upgrade.subscribe("lobby", channels.subscribe_with_capacity("lobby", 256));
    let handler = Room::open(&state, query).await?;
    Ok(upgrade
        .on_upgrade(move |mut session| async move {
            let result = room_session(&mut session, subscription, &handler).await;
            if let Some(closed) = session.closed() {
                channels.publish(&room, format!("{} left: {closed}", handler.nick));
            }
            result
        })
        .await)
}

async fn room_session(
    session: &mut Session,
    subscription: Subscription,
    handler: &Room,
) -> core::result::Result<(), Closed> {
    session.subscribe("room", subscription);
    while let Some(event) = session.next().await {
        match event {
            Event::Channel("lobby", message) => {
                let text = message.to_text().unwrap_or_default();
                session.send(format!("{}: {text}", handler.nick)).await?;
            }
            Event::Message(message) | Event::Channel(_, message) => session.send(message).await?,
            Event::Lagged(Lagged { missed, .. }) => {
                session.send(format!("missed {missed}")).await?;
                session.close(close_code::AGAIN, "too slow").await?;
            }
            Event::Gap("room") => {
                session
                    .close(close_code::RESTART, "messages missed")
                    .await?;
            }
            Event::Gap(channel) => session.send(format!("a gap in {channel}")).await?,
            event => session.fallback(event).await?,
        }
    }
    Ok(())
}

fn start() -> (TestServer, AppState) {
    let sockets = AppState::new();
    let state = MyState {
        sockets: sockets.clone(),
        secret: "root",
    };
    let app = Router::new()
        .route("/rooms/{room}", get(room).connect(room))
        .with_state(state);
    (TestServer::start(app, sockets.shutdown()), sockets)
}

#[tokio::test]
async fn both_phases() {
    let (server, state) = start();
    let refused = server.request("/rooms/tea").connect().await.unwrap_err();
    assert_eq!(
        (refused.status.as_u16(), refused.body.as_str()),
        (401, "say who you are")
    );
    let refused = server
        .request("/rooms/tea?nick=root")
        .connect()
        .await
        .unwrap_err();
    assert_eq!(refused.status, 403);

    let request = server
        .request("/rooms/a%3Ab?nick=ann")
        .subprotocol("support.v1");
    let mut ann = request.connect().await.unwrap();
    assert_eq!(ann.subprotocol(), Some("support.v1"));
    ann.send("echo").await;
    assert_eq!(ann.text().await, "echo");
    assert_eq!(state.channels().publish("room:a%3Ab", "relayed"), 1);
    assert_eq!(ann.text().await, "relayed");
    assert_eq!(state.channels().publish("lobby", "handled"), 1);
    assert_eq!(ann.text().await, "ann: handled");
    assert_eq!(testing::gap(state.channels(), "lobby"), 1);
    assert_eq!(ann.text().await, "a gap in lobby");

    let mut bob = server.connect("/rooms/a%3Ab?nick=bob").await;
    bob.close(1000, "").await;
    assert_eq!(ann.text().await, "bob left: closed by the client with 1000");

    let mut eve = server.connect("/rooms/tea?nick=eve").await;
    assert_eq!(testing::gap(state.channels(), "room:tea"), 1);
    assert_eq!(eve.closed().await.code(), close_code::RESTART);

    state.shutdown().begin();
    assert_eq!(ann.closed().await.code(), close_code::AWAY);
    server.shutdown().await;
}
