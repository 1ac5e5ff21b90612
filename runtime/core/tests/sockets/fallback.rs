//! What a session does about events that its code does not handle.

use crate::app::{Careful, millis, next, start};
use autumn_ws_core::{AppState, ClosedBy, Endpoint, Event, close_code, testing};
use std::time::Duration;
use tokio::sync::mpsc;

struct Polite;

impl Endpoint for Polite {
    const NAME: &'static str = "polite";
    const DRAIN: Duration = millis(60_000);
    const SHUTDOWN_CODE: u16 = 4001;
    const SHUTDOWN_REASON: &'static str = "moving house";
}

#[tokio::test]
async fn a_message_of_a_channel_goes_to_the_client() {
    let state = AppState::new();
    let channels = state.channels().clone();
    let server = start::<Polite, _, _>(&state, move |mut session| {
        session.subscribe("feed", channels.subscribe("feed"));
        async move {
            while let Some(event) = session.next().await {
                session.fallback(event).await?;
            }
            Ok(())
        }
    });
    let mut client = server.connect("/").await;
    client.send("nobody listens to this").await;
    while state.channels().publish("feed", "news") == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(client.text().await, "news");
    client.close(1000, "").await;
}

#[tokio::test]
async fn unhandled_losses_change_nothing() {
    let state = AppState::new();
    let channels = state.channels().clone();
    let (opened, mut openings) = mpsc::unbounded_channel();
    let server = start::<Careful, _, _>(&state, move |mut session| {
        session.subscribe("feed", channels.subscribe_with_capacity("feed", 1));
        opened.send(()).unwrap();
        async move {
            while let Some(event) = session.next().await {
                session.fallback(event).await?;
            }
            Ok(())
        }
    });
    let mut client = server.connect("/").await;
    next(&mut openings).await;
    for n in 0..3 {
        state.channels().publish("feed", n.to_string());
    }
    testing::gap(state.channels(), "feed");
    assert_eq!(client.text().await, "2");
    state.channels().publish("feed", "3");
    assert_eq!(client.text().await, "3");
}

#[tokio::test]
async fn a_shutdown_closes_with_the_endpoint_s_code_and_reason() {
    let state = AppState::new();
    let (report, mut reports) = mpsc::unbounded_channel();
    let server = start::<Polite, _, _>(&state, move |mut session| {
        let report = report.clone();
        async move {
            while let Some(event) = session.next().await {
                if let Err(closed) = session.fallback(event).await {
                    report.send(closed).unwrap();
                }
            }
            Ok(())
        }
    });
    let mut client = server.connect("/").await;
    state.shutdown().begin();
    let closed = client.closed().await;
    assert_eq!((closed.code(), closed.reason()), (4001, "moving house"));
    let closed = next(&mut reports).await;
    assert_eq!((closed.by(), closed.code()), (ClosedBy::Server, 4001));
    server.shutdown().await;
}

#[tokio::test]
async fn a_goodbye_comes_after_what_was_sent_before() {
    let state = AppState::new();
    let server = start::<Polite, _, _>(&state, async |mut session| {
        while let Some(event) = session.next().await {
            if let Event::Message(_) = event {
                session.send("so long").await?;
                session.goodbye().await?;
            }
        }
        Ok(())
    });
    let mut client = server.connect("/").await;
    client.send("leave").await;
    assert_eq!(client.text().await, "so long");
    let closed = client.closed().await;
    assert_eq!((closed.code(), closed.reason()), (4001, "moving house"));
}

#[tokio::test]
async fn a_goodbye_after_the_end_returns_how_it_ended() {
    let (report, mut reports) = mpsc::unbounded_channel();
    let server = start::<Polite, _, _>(&AppState::new(), move |mut session| {
        let report = report.clone();
        async move {
            while session.next().await.is_some() {}
            report.send(session.goodbye().await.unwrap_err()).unwrap();
            Ok(())
        }
    });
    let mut client = server.connect("/").await;
    client.close(close_code::NORMAL, "bye").await;
    let closed = next(&mut reports).await;
    assert_eq!((closed.by(), closed.reason()), (ClosedBy::Client, "bye"));
}
