//! Channels that sessions join and leave at run time.

use crate::{
    app::{start, until},
    raw::{RawClient, TEXT, frame},
};
use autumn_ws_core::{AppState, Channels, Endpoint, Event, Message, Session, testing::TestServer};
use tokio::net::TcpStream;

struct Board;

impl Endpoint for Board {
    const NAME: &'static str = "board";
    const JOINED: usize = 2;
}

/// Joins `+name` and leaves `-name`, and says what came of it.
fn board(state: &AppState) -> TestServer {
    let channels = state.channels().clone();
    start::<Board, _, _>(state, move |session| run(session, channels.clone()))
}

async fn run(mut session: Session, channels: Channels) -> Result<(), autumn_ws_core::Closed> {
    while let Some(event) = session.next().await {
        match event {
            Event::Message(Message::Text(text)) => {
                let said = match text.split_at(1) {
                    ("+", name) => match session.join("board", channels.subscribe(name)).await {
                        Ok(()) => "joined".to_owned(),
                        Err(error) => error.to_string(),
                    },
                    (_, name) => session.leave(name).to_string(),
                };
                session.send(said).await?;
            }
            event => session.fallback(event).await?,
        }
    }
    Ok(())
}

async fn ask(client: &mut RawClient<TcpStream>, text: &str) -> String {
    client.write(&frame(TEXT, text.as_bytes())).await;
    hear(client).await
}

async fn hear(client: &mut RawClient<TcpStream>) -> String {
    let (_, payload) = client.frame().await.unwrap();
    String::from_utf8(payload).unwrap()
}

#[tokio::test]
async fn what_is_joined_is_heard_until_it_is_left() {
    let state = AppState::new();
    let server = board(&state);
    let mut client = RawClient::open(server.addr()).await;
    assert_eq!(ask(&mut client, "-a").await, "false");
    assert_eq!(ask(&mut client, "+a").await, "joined");
    assert_eq!(ask(&mut client, "+a").await, "joined");
    assert_eq!(state.channels().publish("a", "1"), 1);
    assert_eq!(hear(&mut client).await, "1");
    assert_eq!(ask(&mut client, "-a").await, "true");
    assert_eq!(state.channels().publish("a", "2"), 0);
    assert_eq!(ask(&mut client, "-a").await, "false");
}

#[tokio::test]
async fn no_more_channels_than_allowed_are_joined() {
    let state = AppState::new();
    let server = board(&state);
    let mut client = RawClient::open(server.addr()).await;
    for join in ["+a", "+b"] {
        assert_eq!(ask(&mut client, join).await, "joined");
    }
    let refused = "the session has joined 2 channels and may join no more";
    assert_eq!(ask(&mut client, "+c").await, refused);
    assert_eq!(ask(&mut client, "+a").await, "joined");
    assert_eq!(ask(&mut client, "-b").await, "true");
    assert_eq!(ask(&mut client, "+c").await, "joined");
    assert_eq!(state.channels().publish("c", "x"), 1);
    assert_eq!(hear(&mut client).await, "x");
}

#[tokio::test]
async fn what_was_joined_is_left_when_the_session_ends() {
    let state = AppState::new();
    let server = board(&state);
    let mut client = RawClient::open(server.addr()).await;
    assert_eq!(ask(&mut client, "+a").await, "joined");
    drop(client);
    until("nobody listens", || state.channels().publish("a", "x") == 0).await;
}
