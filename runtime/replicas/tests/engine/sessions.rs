//! Sessions on two replicas: messages that leave one out, and channels that are closed.

use crate::replica::{down, expect, flush, start};
use autumn_ws_core::{
    AppState, Channels, Closed, Endpoint, Event, Session, Upgrade,
    testing::{TestClient, TestServer},
};
use autumn_ws_replicas::testing::Hub;
use axum::{Router, extract::State, response::Response, routing::any};

struct Room;

impl Endpoint for Room {
    const NAME: &'static str = "room";
}

async fn room(mut session: Session, state: AppState) -> Result<(), Closed> {
    while let Some(event) = session.next().await {
        match event {
            Event::Message(message) if message.to_text().is_ok_and(|text| text == "alone") => {
                session.close_others("room", 4001);
            }
            Event::Message(message) => {
                state.channels().publish_except(&session, "room", message);
            }
            event => session.fallback(event).await?,
        }
    }
    Ok(())
}

async fn upgrade(mut upgrade: Upgrade<Room>, State(state): State<AppState>) -> Response {
    upgrade.relay("room", state.channels().subscribe("room"));
    upgrade
        .on_upgrade(move |session| room(session, state))
        .await
}

fn serve(channels: Channels) -> (AppState, TestServer) {
    let state = AppState::with_channels(channels);
    let app = Router::new()
        .route("/", any(upgrade))
        .with_state(state.clone());
    let server = TestServer::start(app, state.shutdown());
    (state, server)
}

async fn text(client: &mut TestClient) -> String {
    expect(client.text()).await
}

async fn code(client: &mut TestClient) -> (u16, String) {
    let closed = expect(client.closed()).await;
    (closed.code(), closed.reason().to_owned())
}

/// Two replicas: a message reaches all sessions but one, and closing a channel ends sessions on
/// both.
pub async fn spans_replicas(here: Channels, there: Channels) {
    let (here, server) = serve(here);
    let (_there, other_server) = serve(there);
    let mut own = server.connect("/").await;
    let mut neighbour = server.connect("/").await;
    let mut distant = other_server.connect("/").await;
    for n in 0..10 {
        own.send(format!("own {n}")).await;
    }
    for n in 0..10 {
        assert_eq!(text(&mut neighbour).await, format!("own {n}"));
        assert_eq!(text(&mut distant).await, format!("own {n}"));
    }
    distant.send("distant").await;
    assert_eq!(text(&mut neighbour).await, "distant");
    assert_eq!(text(&mut own).await, "distant");

    own.send("alone").await;
    for client in [&mut neighbour, &mut distant] {
        assert_eq!(code(client).await, (4001, String::new()));
    }
    let mut back = other_server.connect("/").await;
    back.send("back").await;
    assert_eq!(text(&mut own).await, "back");

    here.channels().publish("room", "last words");
    here.channels().close("room", 4401, "signed out");
    for client in [&mut own, &mut back] {
        assert_eq!(text(client).await, "last words");
        assert_eq!(code(client).await, (4401, "signed out".to_owned()));
    }
}

#[tokio::test]
async fn sessions_span_replicas() {
    let hub = Hub::new();
    spans_replicas(start(&hub).await, start(&hub).await).await;
}

/// What was in flight is delivered here, and still leaves out the session that it comes from.
#[tokio::test]
async fn an_outage_brings_back_no_own_message() {
    let hub = Hub::new();
    let (state, server) = serve(start(&hub).await);
    let mut own = server.connect("/").await;
    let mut neighbour = server.connect("/").await;
    hub.block();
    own.send("in flight").await;
    expect(async {
        while state.metrics().snapshot().engine.unwrap().queue == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    hub.stop();
    down(state.channels()).await;
    assert_eq!(text(&mut neighbour).await, "in flight");
    own.send("alone here").await;
    assert_eq!(text(&mut neighbour).await, "alone here");
    state.channels().publish("room", "everybody");
    assert_eq!(text(&mut own).await, "everybody");
}

#[tokio::test]
async fn an_outage_does_not_keep_a_channel_from_being_closed_here() {
    let hub = Hub::new();
    let (state, server) = serve(start(&hub).await);
    let mut client = server.connect("/").await;
    hub.block();
    state.channels().close("room", 4401, "signed out");
    hub.stop();
    assert_eq!(code(&mut client).await, (4401, "signed out".to_owned()));
    down(state.channels()).await;
    let mut client = server.connect("/").await;
    state.channels().close("room", 4401, "again");
    assert_eq!(code(&mut client).await, (4401, "again".to_owned()));
    hub.start();
    flush(state.channels()).await;
}
