//! Ticks, sessions that expire, and goodbyes that are spread, with a paused clock.

use crate::{
    app::{echo, millis},
    memory::{MemoryServer, start},
    raw::{CLOSE, RawClient, TEXT, frame},
};
use autumn_ws_core::{AppState, Closed, Endpoint, Event, Session};
use std::time::{Duration, SystemTime};
use tokio::{
    io::DuplexStream,
    time::{Instant, sleep},
};

/// Reports each event but a shutdown to the client.
async fn report(mut session: Session) -> Result<(), Closed> {
    while let Some(event) = session.next().await {
        match event {
            Event::Tick => session.send("tick").await?,
            Event::Expiring(left) => session.send(format!("{} s", left.as_secs())).await?,
            Event::Message(message) => session.send(message).await?,
            event => session.fallback(event).await?,
        }
    }
    Ok(())
}

/// The next message, and how many milliseconds after `from` it comes.
async fn message(client: &mut RawClient<DuplexStream>, from: Instant) -> (String, u128) {
    let (first, payload) = client.frame().await.unwrap();
    assert_eq!(first, TEXT, "{payload:?}");
    let at = from.elapsed().as_millis();
    (String::from_utf8(payload).unwrap(), at)
}

/// The close frame, and how many milliseconds after `from` it comes.
async fn close(client: &mut RawClient<DuplexStream>, from: Instant) -> (u16, String, u128) {
    let (first, payload) = client.frame().await.unwrap();
    assert_eq!(first, CLOSE, "{payload:?}");
    let (code, reason) = payload.split_at(2);
    let code = u16::from_be_bytes(code.try_into().unwrap());
    let reason = String::from_utf8(reason.to_vec()).unwrap();
    (code, reason, from.elapsed().as_millis())
}

struct Ticking;

impl Endpoint for Ticking {
    const NAME: &'static str = "ticking";
    const TICK: Option<Duration> = Some(millis(700));
    const HEARTBEAT: Option<Duration> = None;
    const IDLE: Option<Duration> = None;
}

#[tokio::test(start_paused = true)]
async fn ticks_come_after_each_period() {
    let server = start::<Ticking, _, _>(&AppState::new(), report);
    let from = Instant::now();
    let mut client = server.open().await.patient();
    for n in 1..=4 {
        let (text, at) = message(&mut client, from).await;
        assert_eq!(text, "tick");
        assert!(at.abs_diff(n * 700) < 10, "{at}");
    }
}

#[tokio::test(start_paused = true)]
async fn ticks_that_are_late_are_skipped() {
    let server = start::<Ticking, _, _>(&AppState::new(), async |session: Session| {
        sleep(millis(2400)).await;
        report(session).await
    });
    let from = Instant::now();
    let mut client = server.open().await.patient();
    // The first of the three comes late, the fourth in its time.
    for expected in [2400, 2800, 3500] {
        let (_, at) = message(&mut client, from).await;
        assert!(at.abs_diff(expected) < 10, "{at}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_busy_session_ticks_in_time() {
    let state = AppState::new();
    let server = start::<Ticking, _, _>(&state, report);
    let from = Instant::now();
    let mut client = server.open().await.patient();
    let mut ticks = 0;
    while from.elapsed() < millis(7100) {
        client.write(&frame(TEXT, b"x")).await;
        match message(&mut client, from).await.0.as_str() {
            "x" => sleep(millis(1)).await,
            _ => ticks += 1,
        }
    }
    assert_eq!(ticks, 10);
}

struct Mortal;

impl Endpoint for Mortal {
    const NAME: &'static str = "mortal";
    const HEARTBEAT: Option<Duration> = None;
    const IDLE: Option<Duration> = None;
}

/// A server whose sessions expire after this many seconds.
fn expiring(seconds: u64) -> MemoryServer {
    start::<Mortal, _, _>(&AppState::new(), move |mut session| {
        session.expires_at(SystemTime::now() + Duration::from_secs(seconds));
        report(session)
    })
}

#[tokio::test(start_paused = true)]
async fn a_session_is_warned_and_then_expires() {
    let server = expiring(90);
    let from = Instant::now();
    let mut client = server.open().await.patient();
    let (text, at) = message(&mut client, from).await;
    assert!(matches!(text.as_str(), "59 s" | "60 s"), "{text}");
    assert!(at.abs_diff(30_000) < 50, "{at}");
    let (code, reason, at) = close(&mut client, from).await;
    assert_eq!((code, reason.as_str()), (4401, "expired"));
    assert!(at.abs_diff(90_000) < 50, "{at}");
}

#[tokio::test(start_paused = true)]
async fn where_less_is_left_the_warning_comes_at_once() {
    let server = expiring(5);
    let from = Instant::now();
    let mut client = server.open().await.patient();
    let (text, at) = message(&mut client, from).await;
    assert!(matches!(text.as_str(), "4 s" | "5 s"), "{text}");
    assert!(at < 50, "{at}");
    assert_eq!(close(&mut client, from).await.0, 4401);
}

#[tokio::test(start_paused = true)]
async fn a_moment_that_has_passed_ends_the_session_now() {
    let server = start::<Mortal, _, _>(&AppState::new(), |mut session: Session| {
        session.expires_at(SystemTime::UNIX_EPOCH);
        report(session)
    });
    let from = Instant::now();
    let mut client = server.open().await.patient();
    let (code, _, at) = close(&mut client, from).await;
    assert_eq!((code, at), (4401, 0));
}

/// A token that expires while a message is handled.
#[tokio::test(start_paused = true)]
async fn nothing_is_received_or_sent_after_the_end() {
    let server = start::<Mortal, _, _>(&AppState::new(), async |mut session: Session| {
        session.expires_at(SystemTime::now() + Duration::from_secs(10));
        while let Some(event) = session.next().await {
            if let Event::Message(message) = event {
                sleep(Duration::from_secs(20)).await;
                session.send(message).await?;
            }
        }
        Ok(())
    });
    let from = Instant::now();
    let mut client = server.open().await.patient();
    for text in [b"1", b"2"] {
        client.write(&frame(TEXT, text)).await;
    }
    let (code, _, at) = close(&mut client, from).await;
    assert_eq!((code, at / 1000), (4401, 20));
}

/// As where a client sends a fresh token.
#[tokio::test(start_paused = true)]
async fn the_end_can_be_moved() {
    let server = start::<Mortal, _, _>(&AppState::new(), async |mut session: Session| {
        let mut lives = 3;
        session.expires_at(SystemTime::now() + Duration::from_secs(100));
        while let Some(event) = session.next().await {
            if let Event::Expiring(_) = event
                && lives > 0
            {
                lives -= 1;
                session.expires_at(SystemTime::now() + Duration::from_secs(100));
            }
        }
        Ok(())
    });
    let from = Instant::now();
    let mut client = server.open().await.patient();
    let (code, _, at) = close(&mut client, from).await;
    assert_eq!(code, 4401);
    assert!(at.abs_diff(220_000) < 500, "{at}");
}

struct Brief;

impl Endpoint for Brief {
    const NAME: &'static str = "brief";
    const LIFETIME: Option<Duration> = Some(Duration::from_hours(10));
    const HEARTBEAT: Option<Duration> = None;
    const IDLE: Option<Duration> = None;
}

#[tokio::test(start_paused = true)]
async fn sessions_that_were_opened_together_do_not_end_together() {
    let server = start::<Brief, _, _>(&AppState::new(), echo);
    let from = Instant::now();
    let mut clients = Vec::new();
    for _ in 0..40 {
        clients.push(server.open().await.patient());
    }
    let ends = clients.into_iter().map(|mut client| {
        tokio::spawn(async move {
            let (code, _, at) = close(&mut client, from).await;
            assert_eq!(code, 4401);
            at / 60_000
        })
    });
    let mut minutes = Vec::new();
    for end in ends.collect::<Vec<_>>() {
        minutes.push(end.await.unwrap());
    }
    minutes.sort_unstable();
    assert!(minutes[0] >= 540 && minutes[39] <= 600, "{minutes:?}");
    assert!(minutes[39] - minutes[0] > 30, "{minutes:?}");
}

struct Spread;

impl Endpoint for Spread {
    const NAME: &'static str = "spread";
    const SPREAD: Duration = Duration::from_mins(1);
    const DRAIN: Duration = Duration::from_secs(90);
}

#[tokio::test(start_paused = true)]
async fn goodbyes_are_spread_and_sessions_continue_until_theirs() {
    let state = AppState::new();
    let server = start::<Spread, _, _>(&state, echo);
    let mut clients = Vec::new();
    for _ in 0..40 {
        clients.push(server.open().await.patient());
    }
    let from = Instant::now();
    state.shutdown().begin();
    let mut heard = 0;
    for client in &mut clients {
        client.write(&frame(TEXT, b"still here")).await;
        heard += u32::from(client.frame().await.unwrap().0 == TEXT);
    }
    assert!(heard > 35, "{heard}");
    let ends = clients.into_iter().map(|mut client| {
        tokio::spawn(async move {
            let (code, _) = client.closed().await;
            assert_eq!(code, 1012);
            client.write(&frame(CLOSE, &[3, 244])).await;
            from.elapsed().as_secs()
        })
    });
    let mut seconds = Vec::new();
    for end in ends.collect::<Vec<_>>() {
        seconds.push(end.await.unwrap());
    }
    seconds.sort_unstable();
    assert!(seconds[39] <= 60, "{seconds:?}");
    assert!(seconds[39] - seconds[0] > 20, "{seconds:?}");
    assert_eq!(state.shutdown().drain(millis(100)).await, 0);
}
