//! Clients that send more than their rate, with a paused clock.

use crate::{
    app::{echo, millis, next, run_echo},
    memory::{MemoryServer, start},
    raw::{CLOSE, PING, RawClient, TEXT, frame},
};
use autumn_ws_core::{AppState, Closed, Endpoint, Event, Rate, Session};
use std::time::Duration;
use tokio::{
    io::DuplexStream,
    sync::mpsc,
    time::{Instant, timeout},
};

struct Slow;

impl Endpoint for Slow {
    const NAME: &'static str = "slow";
    const RATE: Option<Rate> = Some(Rate::per_second(2));
    const HEARTBEAT: Option<Duration> = None;
    const IDLE: Option<Duration> = None;
}

/// A client that has sent messages: `0`, `1` …
async fn flood(server: &MemoryServer, count: u8) -> RawClient<DuplexStream> {
    let mut client = server.open().await;
    let messages: Vec<u8> = (0..count).flat_map(|n| frame(TEXT, &[b'0' + n])).collect();
    client.write(&messages).await;
    client
}

/// The next messages, and after how many milliseconds they come.
async fn arrivals(client: &mut RawClient<DuplexStream>, count: u8) -> Vec<(u8, u128)> {
    let from = Instant::now();
    let mut arrivals = Vec::new();
    for _ in 0..count {
        let (first, payload) = client.frame().await.unwrap();
        assert_eq!(first, TEXT);
        arrivals.push((payload[0] - b'0', from.elapsed().as_millis()));
    }
    arrivals
}

#[tokio::test(start_paused = true)]
async fn messages_beyond_the_rate_wait_and_keep_their_order() {
    let state = AppState::new();
    let server = start::<Slow, _, _>(&state, echo);
    let mut client = flood(&server, 8).await;
    let expected = [0, 0, 0, 0, 500, 1000, 1500, 2000];
    let expected: Vec<(u8, u128)> = (0..).zip(expected).collect();
    let arrivals = arrivals(&mut client, 8).await;
    for ((n, at), (expected_n, expected_at)) in arrivals.iter().zip(&expected) {
        assert_eq!(n, expected_n);
        // The timer's resolution is a millisecond.
        assert!(at.abs_diff(*expected_at) < 10, "{arrivals:?}");
    }
    let delayed = state.metrics().snapshot().endpoints[0].delayed;
    assert_eq!(delayed, 4);
}

struct Impatient;

impl Endpoint for Impatient {
    const NAME: &'static str = "impatient";
    const RATE: Option<Rate> = Some(Rate::per_hour(1));
    const HEARTBEAT: Option<Duration> = Some(Duration::from_secs(1));
    const IDLE: Option<Duration> = Some(Duration::from_secs(5));
    const SEND_TIMEOUT: Duration = Duration::from_secs(3);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_has_to_wait_is_not_idle() {
    let server = start::<Impatient, _, _>(&AppState::new(), echo);
    let mut client = flood(&server, 3).await;
    assert_eq!(arrivals(&mut client, 2).await.len(), 2);
    let mut pings = 0;
    let from = Instant::now();
    let third = loop {
        match client.frame().await.unwrap() {
            (PING, _) => pings += 1,
            other => break other,
        }
    };
    assert_eq!(third, (TEXT, b"2".to_vec()));
    assert_eq!(from.elapsed().as_secs(), 3600);
    assert!(pings > 3500, "{pings}");
    // From now on it has to answer pings again.
    let from = Instant::now();
    assert_eq!(client.closed().await, (1001, "idle".to_owned()));
    assert_eq!(from.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_client_within_its_rate_is_heard_at_once() {
    let server = start::<Impatient, _, _>(&AppState::new(), echo);
    let mut client = flood(&server, 2).await;
    assert_eq!(arrivals(&mut client, 2).await, [(0, 0), (1, 0)]);
    client.write(&frame(CLOSE, &[3, 232])).await;
    assert_eq!(client.closed().await.0, 1000);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_has_to_wait_still_gets_messages() {
    let state = AppState::new();
    let subscriber = state.clone();
    let server = start::<Impatient, _, _>(&state, move |mut session: Session| {
        session.relay("news", subscriber.channels().subscribe("news"));
        echo(session)
    });
    let mut client = flood(&server, 3).await;
    assert_eq!(arrivals(&mut client, 2).await.len(), 2);
    for n in 3..6 {
        state.channels().publish("news", n.to_string());
        assert_eq!(arrivals(&mut client, 1).await, [(n, 0)]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_has_to_wait_and_takes_nothing_is_cut_off() {
    let (report, mut ends) = mpsc::unbounded_channel();
    let server = start::<Impatient, _, _>(&AppState::new(), move |mut session: Session| {
        let report = report.clone();
        async move {
            session.send(vec![0; 1 << 20]).await?;
            let ended = run_echo(&mut session).await;
            report.send(session.closed().unwrap().to_string()).unwrap();
            ended
        }
    });
    let _client = flood(&server, 9).await;
    let end = "closed by the server with 1006 (the client takes no data)";
    assert_eq!(next(&mut ends).await, end);
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_does_not_wait_for_a_client_that_has_to() {
    let state = AppState::new();
    let server = start::<Impatient, _, _>(&state, echo);
    let mut client = flood(&server, 9).await;
    assert_eq!(arrivals(&mut client, 2).await.len(), 2);
    let from = Instant::now();
    state.shutdown().begin();
    assert_eq!(client.closed().await.0, 1012);
    client.write(&frame(CLOSE, &[3, 244])).await;
    assert_eq!(state.shutdown().drain(millis(60_000)).await, 0);
    assert!(from.elapsed() < millis(500), "{:?}", from.elapsed());
}

/// The message that had to wait was read before the connection was lost.
#[tokio::test(start_paused = true)]
async fn what_waits_when_the_connection_is_lost_is_still_delivered() {
    let (report, mut reports) = mpsc::unbounded_channel();
    let server = start::<Impatient, _, _>(&AppState::new(), move |mut session: Session| {
        let report = report.clone();
        async move {
            while let Some(event) = session.next().await {
                if let Event::Message(message) = event {
                    report.send(message.to_text().unwrap().to_owned()).unwrap();
                }
            }
            report.send(session.closed().unwrap().to_string()).unwrap();
            Ok::<(), Closed>(())
        }
    });
    let client = flood(&server, 3).await;
    assert_eq!(next(&mut reports).await, "0");
    assert_eq!(next(&mut reports).await, "1");
    assert!(timeout(millis(500), reports.recv()).await.is_err());
    drop(client);
    assert_eq!(next(&mut reports).await, "2");
    let end = "closed by the network with 1006";
    assert_eq!(next(&mut reports).await, end);
}
