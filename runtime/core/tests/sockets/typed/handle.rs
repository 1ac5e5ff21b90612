//! Sessions from outside.

use super::{
    app::{JsonClient, start},
    kinds::{Chat, ChatIncoming, said},
};
use crate::app::{in_time, next};
use autumn_ws_core::{
    AppState, Closed, Event, close_code,
    messages::{Handle, SendError, Session},
    testing::TestServer,
};
use tokio::sync::mpsc;

/// Hands a handle of each session to the test.
fn start_handing(state: &AppState) -> (TestServer, mpsc::UnboundedReceiver<Handle<Chat>>) {
    let (hand, handles) = mpsc::unbounded_channel();
    let server = start(state, move |mut session: Session<Chat>| {
        hand.send(session.handle()).unwrap();
        async move {
            while let Some(event) = session.next().await {
                match event {
                    Event::Message(ChatIncoming::Say(say)) => session.send(said(&say.text)).await?,
                    event => session.fallback(event).await?,
                }
            }
            Ok(())
        }
    });
    (server, handles)
}

#[tokio::test]
async fn other_tasks_send_in_their_order() {
    let (server, mut handles) = start_handing(&AppState::new());
    let mut client = JsonClient::open(&server).await;
    let handle = next(&mut handles).await;
    let sending = tokio::spawn(async move {
        for n in 0..100 {
            handle.clone().send(said(&n.to_string())).await.unwrap();
        }
    });
    for n in 0..100 {
        assert_eq!(
            client.text().await,
            format!(r#"{{"type":"said","text":"{n}"}}"#)
        );
    }
    in_time(sending).await.unwrap();
}

#[tokio::test]
async fn a_flood_of_other_tasks_does_not_starve_the_client() {
    let (server, mut handles) = start_handing(&AppState::new());
    let mut client = JsonClient::open(&server).await;
    let handle = next(&mut handles).await;
    let flood = tokio::spawn(async move { while handle.send(said("flood")).await.is_ok() {} });
    client.send(r#"{"type":"say","text":"x"}"#).await;
    let said = r#"{"type":"said","text":"x"}"#;
    while client.text().await != said {}
    drop(client);
    in_time(flood).await.unwrap();
}

#[tokio::test]
async fn a_handle_closes_behind_what_it_sent() {
    let (server, mut handles) = start_handing(&AppState::new());
    let mut client = JsonClient::open(&server).await;
    let handle = next(&mut handles).await;
    handle.send(said("last")).await.unwrap();
    handle.close(4001, "elsewhere");
    assert_eq!(client.text().await, r#"{"type":"said","text":"last"}"#);
    assert_eq!(client.closed().await, (4001, "elsewhere".to_owned()));
    // It has no session any more.
    while handle.send(said("late")).await.is_ok() {}
    assert!(matches!(
        handle.send(said("late")).await,
        Err(SendError::Ended)
    ));
    handle.close(4002, "again");
}

#[tokio::test]
async fn a_handle_fails_instead_of_waiting_for_its_own_session() {
    let server = start(&AppState::new(), async |mut session: Session<Chat>| {
        let handle = session.handle();
        let mut sent = 0;
        while handle.send(said("x")).await.is_ok() {
            sent += 1;
        }
        let error = handle.send(said("x")).await.unwrap_err();
        assert!(matches!(error, SendError::Full), "{error}");
        session.send(said(&sent.to_string())).await?;
        session.next().await;
        Ok::<(), Closed>(())
    });
    let mut client = JsonClient::open(&server).await;
    assert_eq!(client.text().await, r#"{"type":"said","text":"16"}"#);
    for _ in 0..16 {
        assert_eq!(client.text().await, r#"{"type":"said","text":"x"}"#);
    }
    client.send(r#"{"type":"say","text":"x"}"#).await;
    assert_eq!(client.closed().await.0, close_code::NORMAL);
}

#[tokio::test]
async fn the_error_of_a_handle_closes_the_session_that_returns_it() {
    let state = AppState::new();
    let server = start(&state, async |mut session: Session<Chat>| {
        let handle = session.handle();
        loop {
            handle.send(said("x")).await?;
        }
    });
    let mut client = JsonClient::open(&server).await;
    assert_eq!(client.closed().await.0, close_code::ERROR);
    assert_eq!(state.metrics().snapshot().endpoints[0].errors, 1);
}
