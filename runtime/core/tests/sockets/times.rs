//! Timeouts, with a paused clock.

use crate::{
    app::{Plain, echo, millis, next, run_echo},
    memory::{MemoryServer, start},
    raw::{CLOSE, PING, PONG, RawClient, TEXT, frame},
};
use autumn_ws_core::{AppState, Closed, ClosedBy, Endpoint, Event, Session, close_code};
use std::{future::pending, time::Duration};
use tokio::{
    io::{AsyncWriteExt, DuplexStream},
    sync::{mpsc, watch},
    time::{Instant, sleep, timeout},
};

/// More bytes than a pipe holds.
const LARGE: usize = 1 << 20;

/// Sends more than the client takes, then a message that must wait, and returns how that ended.
async fn send_too_much(session: &mut Session) -> Result<(), Closed> {
    session.send(vec![0; LARGE]).await?;
    session.send("more").await
}

/// A client that sends five messages, closes, and reads nothing.
async fn order(server: &MemoryServer) -> RawClient<DuplexStream> {
    let mut client = server.open().await;
    for n in 0..5_u8 {
        client.write(&frame(TEXT, &[b'0' + n])).await;
    }
    client.write(&frame(CLOSE, &[3, 232])).await;
    client
}

#[tokio::test(start_paused = true)]
async fn messages_before_the_client_s_close_are_received() {
    let (report, mut reports) = mpsc::unbounded_channel();
    let server = start::<Plain, _, _>(&AppState::new(), move |mut session| {
        let report = report.clone();
        async move {
            let closed = send_too_much(&mut session).await.unwrap_err();
            assert_eq!(closed.by(), ClosedBy::Client);
            while let Some(Event::Message(message)) = session.next().await {
                report.send(message.to_text().unwrap().to_owned()).unwrap();
            }
            report.send(session.closed().unwrap().to_string()).unwrap();
            Ok(())
        }
    });
    let _client = order(&server).await;
    for n in 0..5 {
        assert_eq!(next(&mut reports).await, n.to_string());
    }
    let end = "closed by the client with 1000";
    assert_eq!(next(&mut reports).await, end);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_received_after_the_server_has_closed() {
    let (report, mut reports) = mpsc::unbounded_channel();
    let server = start::<Plain, _, _>(&AppState::new(), move |mut session| {
        let report = report.clone();
        async move {
            send_too_much(&mut session).await.unwrap_err();
            let _ = session.close(close_code::AWAY, "").await;
            report.send(session.next().await.is_none()).unwrap();
            Ok(())
        }
    });
    let _client = order(&server).await;
    assert!(next(&mut reports).await);
}

struct Impatient;

impl Endpoint for Impatient {
    const NAME: &'static str = "impatient";
    const HEARTBEAT: Option<Duration> = None;
    const IDLE: Option<Duration> = Some(millis(500));
}

#[tokio::test(start_paused = true)]
async fn a_silent_client_is_closed() {
    let server = start::<Impatient, _, _>(&AppState::new(), echo);
    let mut client = server.open().await;
    for _ in 0..6 {
        sleep(millis(400)).await;
        client.write(&frame(TEXT, b"here")).await;
        assert_eq!(client.frame().await, Some((TEXT, b"here".to_vec())));
    }
    let from = Instant::now();
    assert_eq!(client.closed().await, (close_code::AWAY, "idle".into()));
    assert!(from.elapsed() >= millis(500), "{:?}", from.elapsed());
}

/// Serves a handler that takes twice the idle time for a channel's message.
fn start_slow<E: Endpoint + 'static>(state: &AppState) -> MemoryServer {
    let channels = state.channels().clone();
    start::<E, _, _>(state, move |mut session| {
        session.subscribe("feed", channels.subscribe("feed"));
        async move {
            while let Some(event) = session.next().await {
                if let Event::Channel(_, message) = event {
                    sleep(millis(1000)).await;
                    session.send(message).await?;
                }
            }
            Ok(())
        }
    })
}

#[tokio::test(start_paused = true)]
async fn a_client_is_not_idle_while_it_waits_for_the_handler() {
    let state = AppState::new();
    let server = start_slow::<Impatient>(&state);
    let mut client = server.open().await;
    for _ in 0..3 {
        assert_eq!(state.channels().publish("feed", "x"), 1);
        assert_eq!(client.frame().await, Some((TEXT, b"x".to_vec())));
        sleep(millis(400)).await;
        client.write(&frame(PONG, &[])).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_with_its_own_timer_does_not_hide_silence() {
    let server = start::<Impatient, _, _>(&AppState::new(), async |mut session| {
        loop {
            tokio::select! {
                event = session.next() => match event {
                    Some(_) => {}
                    None => return Ok(()),
                },
                () = sleep(millis(10)) => {}
            }
        }
    });
    let mut client = server.open().await;
    assert_eq!(client.closed().await, (close_code::AWAY, "idle".into()));
}

struct Watchful;

impl Endpoint for Watchful {
    const NAME: &'static str = "watchful";
    const HEARTBEAT: Option<Duration> = Some(millis(200));
    const IDLE: Option<Duration> = Some(millis(500));
}

#[tokio::test(start_paused = true)]
async fn a_client_can_answer_the_ping_of_a_slow_handler() {
    let state = AppState::new();
    let server = start_slow::<Watchful>(&state);
    let mut client = server.open().await;
    for _ in 0..3 {
        assert_eq!(state.channels().publish("feed", "x"), 1);
        assert_eq!(client.frame().await, Some((TEXT, b"x".to_vec())));
        assert_eq!(client.frame().await, Some((PING, vec![])));
        client.write(&frame(PONG, &[])).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_answers_pings_stays() {
    let server = start::<Watchful, _, _>(&AppState::new(), echo);
    let mut client = server.open().await;
    for _ in 0..5 {
        assert_eq!(client.frame().await, Some((PING, vec![])));
        client.write(&frame(PONG, &[])).await;
    }
    assert_eq!(client.closed().await, (close_code::AWAY, "idle".into()));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_talks_is_not_pinged() {
    let server = start::<Watchful, _, _>(&AppState::new(), echo);
    let mut client = server.open().await;
    for _ in 0..20 {
        sleep(millis(150)).await;
        client.write(&frame(TEXT, b"here")).await;
        assert_eq!(client.frame().await, Some((TEXT, b"here".to_vec())));
    }
}

struct Strict;

impl Endpoint for Strict {
    const NAME: &'static str = "strict";
    const SEND_TIMEOUT: Duration = millis(300);
    const HEARTBEAT: Option<Duration> = None;
    const IDLE: Option<Duration> = None;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_everything_is_not_cut() {
    let server = start::<Strict, _, _>(&AppState::new(), async |mut session| {
        // More than the connection takes at once, so that it stalls and resumes.
        session.send(vec![0; LARGE]).await?;
        run_echo(&mut session).await
    });
    let mut client = server.open().await;
    assert_eq!(client.frame().await.unwrap().1.len(), LARGE);
    for _ in 0..2 {
        sleep(millis(400)).await;
        client.write(&frame(TEXT, b"still there")).await;
        assert_eq!(client.frame().await.unwrap().1, b"still there");
    }
}

struct Unhurried;

impl Endpoint for Unhurried {
    const NAME: &'static str = "unhurried";
    const HEARTBEAT: Option<Duration> = None;
    const IDLE: Option<Duration> = None;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_no_pongs_is_not_read() {
    let server = start::<Unhurried, _, _>(&AppState::new(), echo);
    let mut client = server.open().await;
    let pings = frame(PING, &[0; 125]).repeat(100);
    let mut read = 0;
    while timeout(millis(500), client.stream.write_all(&pings))
        .await
        .is_ok()
    {
        read += pings.len();
        assert!(read < 10 * PIPES, "it is read for ever");
    }
}

/// What fits into the pipe and a few buffers.
const PIPES: usize = 1 << 20;

struct Patient;

impl Endpoint for Patient {
    const NAME: &'static str = "patient";
    const SEND_TIMEOUT: Duration = Duration::from_secs(5);
    const HEARTBEAT: Option<Duration> = None;
    const IDLE: Option<Duration> = Some(millis(600));
}

#[tokio::test(start_paused = true)]
async fn a_slow_client_is_read_while_a_send_waits() {
    let server = start::<Patient, _, _>(&AppState::new(), async |mut session| {
        send_too_much(&mut session).await?;
        run_echo(&mut session).await
    });
    let mut client = server.open().await;
    // It reads nothing for longer than the idle time, but sends signs of life, more than are read
    // ahead.
    for n in 0..40_u8 {
        sleep(millis(50)).await;
        client.write(&frame(PONG, &[])).await;
        client.write(&frame(TEXT, &[n])).await;
    }
    assert_eq!(client.frame().await.unwrap().1.len(), LARGE);
    assert_eq!(client.frame().await.unwrap().1, b"more");
    for n in 0..40_u8 {
        assert_eq!(client.frame().await.unwrap().1, [n]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_client_that_is_silent_is_closed_while_a_send_waits() {
    let (report, mut reports) = mpsc::unbounded_channel();
    let server = start::<Patient, _, _>(&AppState::new(), move |mut session| {
        let report = report.clone();
        async move {
            let closed = send_too_much(&mut session).await.unwrap_err();
            report.send(closed.clone()).unwrap();
            Err(closed)
        }
    });
    let _client = server.open().await;
    let closed = next(&mut reports).await;
    assert_eq!((closed.code(), closed.reason()), (close_code::AWAY, "idle"));
}

struct Narrow;

impl Endpoint for Narrow {
    const NAME: &'static str = "narrow";
    const MESSAGE_SIZE: usize = 1000;
}

#[tokio::test(start_paused = true)]
async fn late_bytes_of_the_client_do_not_cause_a_reset() {
    let server = start::<Narrow, _, _>(&AppState::new(), echo);
    let mut client = server.open().await;
    client.write(&frame(TEXT, &[b'x'; 10_000])).await;
    assert_eq!(client.closed().await.0, close_code::SIZE);
    assert_eq!(client.frame().await, None);
    // With unread bytes, a reset would overtake the close frame. This is more than may stay unread.
    client.write(&vec![0; 1_000_000]).await;
}

#[tokio::test(start_paused = true)]
async fn a_close_frame_leaves_while_the_code_still_runs() {
    let server = start::<Narrow, _, _>(&AppState::new(), async |mut session| {
        while let Some(Event::Message(_)) = session.next().await {
            session.send("enough").await?;
            session.close(4000, "enough").await.ok();
        }
        pending().await
    });
    // Closed by the code.
    let mut client = server.open().await;
    client.write(&frame(TEXT, b"hello")).await;
    assert_eq!(client.frame().await, Some((TEXT, b"enough".to_vec())));
    assert_eq!(client.closed().await.0, 4000);
    // Closed by a limit.
    let mut client = server.open().await;
    client.write(&frame(TEXT, &[b'x'; 2000])).await;
    assert_eq!(client.closed().await.0, close_code::SIZE);
}

#[tokio::test(start_paused = true)]
async fn invalid_bytes_after_the_end_do_not_cause_a_reset() {
    let (close, closing) = watch::channel(());
    let server = start::<Narrow, _, _>(&AppState::new(), move |mut session| {
        let mut closing = closing.clone();
        async move {
            closing.changed().await.unwrap();
            session.close(4000, "enough").await
        }
    });
    let mut client = server.open().await;
    client.write(&frame(TEXT, &[b'x'; 10_000])).await;
    close.send(()).unwrap();
    assert_eq!(client.closed().await.0, 4000);
    client.write(&vec![0; 1_000_000]).await;
}

#[tokio::test(start_paused = true)]
async fn few_large_messages_are_read_ahead() {
    let server = start::<Patient, _, _>(&AppState::new(), async |mut session| {
        send_too_much(&mut session).await
    });
    let mut client = server.open().await;
    let large = frame(TEXT, &vec![b'x'; 60_000]);
    let mut taken = 0;
    while timeout(millis(500), client.stream.write_all(&large))
        .await
        .is_ok()
    {
        taken += large.len();
        assert!(taken < 6 * large.len(), "it is read for ever");
    }
}
