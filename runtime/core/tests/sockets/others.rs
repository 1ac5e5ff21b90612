//! What reaches all sessions but one, and sessions that others close.

use crate::app::{in_time, next, until};
use autumn_ws_core::{
    AppState, Closed, Endpoint, Event, Missed, Session, Upgrade, close_code,
    testing::{TestClient, TestServer},
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::any,
};
use std::time::Duration;
use tokio::sync::mpsc;

struct Room;

impl Endpoint for Room {
    const NAME: &'static str = "room";
    const LAG: Missed = Missed::Skip;
}

/// Publishes to the room what its client says, and does what it is asked for.
async fn room(mut session: Session, state: AppState) -> Result<(), Closed> {
    let channels = state.channels();
    let sender = channels.sender("room");
    while let Some(event) = session.next().await {
        let Event::Message(message) = event else {
            session.fallback(event).await?;
            continue;
        };
        let count = match message.to_text().unwrap() {
            "alone" => session.close_others("room", 4001),
            "elsewhere" => channels.publish_except(&session, "elsewhere", "hi"),
            text if text.starts_with("by name") => channels.publish_except(&session, "room", text),
            text => sender.send_except(&session, text),
        };
        session.send(format!("reached {count}")).await?;
    }
    Ok(())
}

async fn upgrade(
    mut upgrade: Upgrade<Room>,
    State(state): State<AppState>,
    Path(delivery): Path<String>,
) -> Response {
    let subscription = state.channels().subscribe_with_capacity("room", 4);
    if delivery == "relay" {
        upgrade.relay("room", subscription);
    } else {
        upgrade.subscribe("room", subscription);
    }
    upgrade
        .on_upgrade(move |session| room(session, state))
        .await
}

fn start() -> (AppState, TestServer) {
    let state = AppState::new();
    let app = Router::new()
        .route("/{delivery}", any(upgrade))
        .with_state(state.clone());
    let server = TestServer::start(app, state.shutdown());
    (state, server)
}

async fn ask(client: &mut TestClient, text: &str) -> String {
    client.send(text).await;
    client.text().await
}

#[tokio::test]
async fn a_message_reaches_all_but_the_session_it_comes_from() {
    let (state, server) = start();
    let mut relayed = server.connect("/relay").await;
    let mut handled = server.connect("/handle").await;
    let mut third = server.connect("/relay").await;
    for (text, count) in [("one", 2), ("by name", 2), ("elsewhere", 0)] {
        assert_eq!(ask(&mut relayed, text).await, format!("reached {count}"));
        if count > 0 {
            assert_eq!(handled.text().await, text);
            assert_eq!(third.text().await, text);
        }
        let other = format!("{text} too");
        assert_eq!(ask(&mut handled, &other).await, "reached 2");
        // The next one that it gets is not its own.
        assert_eq!(relayed.text().await, other);
        assert_eq!(third.text().await, other);
    }
    state.channels().publish("room", "everybody");
    for client in [&mut relayed, &mut handled, &mut third] {
        assert_eq!(client.text().await, "everybody");
    }
}

#[tokio::test]
async fn closing_a_channel_ends_the_sessions_that_listen() {
    let (state, server) = start();
    let mut relayed = server.connect("/relay").await;
    let mut handled = server.connect("/handle").await;
    let mut outside = state.channels().subscribe("room");
    state.channels().publish("room", "last words");
    assert_eq!(state.channels().close("room", 4401, "signed out"), 3);
    for client in [&mut relayed, &mut handled] {
        assert_eq!(client.text().await, "last words");
        let closed = client.closed().await;
        assert_eq!((closed.code(), closed.reason()), (4401, "signed out"));
    }
    // A subscription outside of sessions continues.
    state.channels().publish("room", "more");
    for expected in ["last words", "more"] {
        let heard = in_time(outside.recv()).await.unwrap();
        assert_eq!(heard.to_text().unwrap(), expected);
    }
    let mut late = server.connect("/relay").await;
    assert_eq!(ask(&mut late, "alone").await, "reached 1");
    assert_eq!(state.channels().close("nobody", 4401, ""), 0);
}

#[tokio::test]
async fn a_session_can_close_all_others() {
    let (_state, server) = start();
    let mut old = [
        server.connect("/relay").await,
        server.connect("/handle").await,
    ];
    let mut new = server.connect("/relay").await;
    assert_eq!(ask(&mut new, "alone").await, "reached 2");
    for client in &mut old {
        let closed = client.closed().await;
        assert_eq!((closed.code(), closed.reason()), (4001, ""));
    }
    assert_eq!(ask(&mut new, "still here").await, "reached 0");
}

/// A slow client cannot stay by falling behind, even where lag is skipped.
#[tokio::test]
async fn a_close_reaches_a_session_that_has_fallen_behind() {
    let (state, server) = start();
    let mut client = server.connect("/handle").await;
    state.channels().publish("room", "first");
    state.channels().close("room", close_code::POLICY, "");
    // In one thread: the session cannot read in between.
    for n in 0..10 {
        state.channels().publish("room", n.to_string());
    }
    assert_eq!(client.closed().await.code(), 1008);
}

/// The client takes nothing, so that the session falls behind while it relays.
#[tokio::test]
async fn a_close_waits_for_a_client_no_longer_than_its_time() {
    struct Stuck;
    impl Endpoint for Stuck {
        const NAME: &'static str = "stuck";
        const SEND_TIMEOUT: Duration = Duration::from_millis(200);
    }
    let (report, mut reports) = mpsc::unbounded_channel();
    let state = AppState::new();
    let upgrade = async move |mut upgrade: Upgrade<Stuck>, State(state): State<AppState>| {
        upgrade.relay("room", state.channels().subscribe("room"));
        let report = report.clone();
        upgrade
            .on_upgrade(async move |mut session| {
                while session.next().await.is_some() {}
                report.send(session.closed().unwrap().code()).unwrap();
                Ok(())
            })
            .await
    };
    let app = Router::new()
        .route("/", any(upgrade))
        .with_state(state.clone());
    let server = TestServer::start(app, state.shutdown());
    let _client = server.connect("/").await;
    for _ in 0..40 {
        state.channels().publish("room", vec![0; 1 << 18]);
    }
    until("the client is stuck", || {
        state.metrics().snapshot().channels[0].delivered > 0
    })
    .await;
    state.channels().close("room", 4401, "signed out");
    assert_eq!(next(&mut reports).await, 1006);
}
