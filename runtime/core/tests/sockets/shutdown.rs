//! How an application ends.

use crate::{
    app::{
        Careful, Plain, bind, echo, in_time, millis, next, router, start, start_reporting,
        until_all_are_gone,
    },
    raw::{HANDSHAKE, RawClient, TEXT},
};
use autumn_ws_core::{
    AppState, CloseCode, Endpoint, Event, Upgrade, close_code,
    testing::{self, TestServer},
};
use axum::{Router, extract::State, routing::any};
use std::{future::pending, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc,
    time::timeout,
};

#[tokio::test]
async fn earlier_messages_arrive_before_the_goodbye() {
    let state = AppState::new();
    let (ready, mut readies) = mpsc::unbounded_channel();
    let shared = state.clone();
    let server = start::<Plain, _, _>(&state, move |mut session| {
        let (ready, state) = (ready.clone(), shared.clone());
        for label in ["one", "two"] {
            session.subscribe(label, state.channels().subscribe(label));
        }
        async move {
            ready.send(()).unwrap();
            let mut told = false;
            while let Some(event) = session.next().await {
                match event {
                    Event::Channel(label, message) => {
                        // Published after the beginning: may arrive late, must not delay.
                        state.channels().publish(label, "for ever");
                        let text = message.to_text().unwrap_or_default();
                        session.send(format!("{label}:{text}")).await?;
                    }
                    Event::Shutdown => {
                        assert!(!told);
                        told = true;
                        session.send("goodbye").await?;
                        session.close(close_code::RESTART, "restarting").await?;
                    }
                    other => panic!("{other:?}"),
                }
            }
            Ok(())
        }
    });
    let mut client = server.connect("/").await;
    next(&mut readies).await;
    for n in 0..50 {
        state.channels().publish("one", n.to_string());
        state.channels().publish("two", n.to_string());
    }
    state.shutdown().begin();
    let mut seen = Vec::new();
    loop {
        match client.text().await.as_str() {
            "goodbye" => break,
            text => seen.push(text.to_owned()),
        }
    }
    for label in ["one", "two"] {
        for n in 0..50 {
            assert!(seen.contains(&format!("{label}:{n}")), "{label}:{n}");
        }
    }
    let closed = client.closed().await;
    assert_eq!(
        (closed.code(), closed.reason()),
        (close_code::RESTART, "restarting")
    );
    server.shutdown().await;
}

#[tokio::test]
async fn an_earlier_gap_is_reported_before_the_goodbye() {
    let state = AppState::new();
    let (ready, mut readies) = mpsc::unbounded_channel();
    let channels = state.channels().clone();
    let server = start::<Careful, _, _>(&state, move |mut session| {
        let ready = ready.clone();
        session.subscribe("feed", channels.subscribe("feed"));
        async move {
            ready.send(()).unwrap();
            while let Some(event) = session.next().await {
                match event {
                    Event::Channel(_, message) => session.send(message).await?,
                    Event::Gap(channel) => session.send(format!("a gap in {channel}")).await?,
                    Event::Shutdown => session.close(close_code::AWAY, "goodbye").await?,
                    other => panic!("{other:?}"),
                }
            }
            Ok(())
        }
    });
    let mut client = server.connect("/").await;
    next(&mut readies).await;
    // The session runs on this thread, so it cannot run before the end.
    state.channels().publish("feed", "before");
    assert_eq!(testing::gaps(state.channels()), 1);
    state.channels().publish("feed", "after");
    assert_eq!(testing::gap(state.channels(), "feed"), 1);
    state.shutdown().begin();
    for text in ["before", "after", "a gap in feed"] {
        assert_eq!(client.text().await, text);
    }
    assert_eq!(client.closed().await.reason(), "goodbye");
    server.shutdown().await;
}

#[tokio::test]
async fn the_shutdown_is_reported_once_and_the_session_may_continue() {
    let state = AppState::new();
    let server = start::<Plain, _, _>(&state, async |mut session| {
        loop {
            match session.next().await {
                Some(Event::Shutdown) => session.send("save your work").await?,
                Some(Event::Message(_)) => session.close(1001, "saved").await?,
                Some(other) => panic!("{other:?}"),
                None => return Ok(()),
            }
        }
    });
    let mut client = server.connect("/").await;
    state.shutdown().begin();
    assert_eq!(client.text().await, "save your work");
    client.send("saved").await;
    assert_eq!(client.closed().await.reason(), "saved");
}

#[tokio::test]
async fn new_upgrades_get_503() {
    let state = AppState::new();
    let server = start::<Plain, _, _>(&state, async |mut session| {
        while let Some(event) = session.next().await {
            if let Event::Message(_) = event {
                return Ok(());
            }
        }
        Ok(())
    });
    let mut late = Vec::new();
    for _ in 0..2 {
        late.push(TcpStream::connect(server.addr()).await.unwrap());
    }
    // Accepted after those, and as long as it is open, the server answers.
    let mut open = server.connect("/").await;
    state.shutdown().begin();
    let evil = "Host: localhost\r\nOrigin: http://evil.example";
    let requests = [HANDSHAKE, &HANDSHAKE.replace("Host: localhost", evil)];
    for (mut stream, request) in late.into_iter().zip(requests) {
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        in_time(stream.read_to_string(&mut answer)).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
        assert!(answer.contains("\r\nretry-after: 1\r\n"), "{answer}");
    }
    assert!(TcpStream::connect(server.addr()).await.is_err());
    open.send("leave").await;
    open.closed().await;
    server.shutdown().await;
}

#[tokio::test]
async fn a_shutdown_that_begins_while_a_request_is_handled() {
    let upgrade = async |upgrade: Upgrade<Plain>, State(state): State<AppState>| {
        state.shutdown().begin();
        upgrade.on_upgrade(echo).await
    };
    let state = AppState::new();
    let app = Router::new()
        .route("/", any(upgrade))
        .with_state(state.clone());
    let server = TestServer::start(app, state.shutdown());
    let refused = server.request("/").connect().await.unwrap_err();
    assert_eq!(refused.status, 503);
    server.shutdown().await;
}

struct Hasty;

impl Endpoint for Hasty {
    const NAME: &'static str = "hasty";
    const DRAIN: Duration = millis(200);
    // Anything that waited for it would wait too long.
    const SEND_TIMEOUT: Duration = Duration::from_hours(1);
    const SHUTDOWN_CODE: CloseCode = close_code::RESTART;
    const SHUTDOWN_REASON: &'static str = "out of time";
}

#[tokio::test]
async fn a_stuck_handler_is_cut() {
    struct Noticed(mpsc::UnboundedSender<()>);
    impl Drop for Noticed {
        fn drop(&mut self) {
            self.0.send(()).unwrap();
        }
    }
    let state = AppState::new();
    let (dropped, mut drops) = mpsc::unbounded_channel();
    let server = start::<Hasty, _, _>(&state, move |session| {
        let noticed = Noticed(dropped.clone());
        async move {
            let _both = (session, noticed);
            pending().await
        }
    });
    let mut client = server.connect("/").await;
    state.shutdown().begin();
    let closed = client.closed().await;
    assert_eq!(
        (closed.code(), closed.reason()),
        (close_code::RESTART, "out of time")
    );
    next(&mut drops).await;
    server.shutdown().await;
}

#[tokio::test]
async fn a_panic_in_drop_of_a_cut_handler_is_harmless() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("on demand");
        }
    }
    let state = AppState::new();
    let server = start::<Hasty, _, _>(&state, async |session| {
        let _both = (session, Bomb);
        pending().await
    });
    let mut client = server.connect("/").await;
    state.shutdown().begin();
    let closed = client.closed().await;
    assert_eq!(
        (closed.code(), closed.reason()),
        (close_code::RESTART, "out of time")
    );
    server.shutdown().await;
}

#[tokio::test]
async fn a_stalled_reader_does_not_delay_the_end() {
    let state = AppState::new();
    let server = start::<Hasty, _, _>(&state, async |mut session| {
        loop {
            session.send(vec![0; 64 * 1024]).await?;
        }
    });
    let _stalled = RawClient::open(server.addr()).await;
    in_time(server.shutdown()).await;
}

#[tokio::test]
async fn a_session_that_was_moved_away_does_not_delay_the_end() {
    let state = AppState::new();
    let server = start::<Hasty, _, _>(&state, async |session| {
        tokio::spawn(async move {
            let _kept = session;
            pending::<()>().await;
        });
        Ok(())
    });
    let _client = server.connect("/").await;
    in_time(server.shutdown()).await;
}

#[tokio::test]
async fn drain_returns_how_many_sessions_are_left() {
    let state = AppState::new();
    let shutdown = state.shutdown();
    let server = start::<Hasty, _, _>(&state, async |_session| pending().await);
    let mut one = server.connect("/").await;
    let mut two = server.connect("/").await;
    assert_eq!(shutdown.drain(millis(20)).await, 2);
    one.closed().await;
    two.closed().await;
    assert_eq!(shutdown.drain(Duration::MAX).await, 0);
}

#[tokio::test]
async fn a_shutdown_reports_whether_it_has_begun() {
    let shutdown = AppState::new().shutdown();
    let token = shutdown.token();
    let other = shutdown.token();
    token.cancel();
    assert!(!shutdown.has_begun() && !other.is_cancelled());
    assert!(timeout(millis(10), shutdown.cancelled()).await.is_err());
    shutdown.begin();
    shutdown.begin();
    assert!(shutdown.has_begun() && other.is_cancelled() && shutdown.token().is_cancelled());
    shutdown.cancelled().await;
}

#[tokio::test]
async fn by_hand_with_axum_serve() {
    let state = AppState::new();
    let app = router::<Plain, _, _>(&state, echo);
    let (listener, addr) = bind().await;
    let shutdown = state.shutdown();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = axum::serve(listener, app).with_graceful_shutdown(async move {
        stopped.await.ok();
        assert_eq!(shutdown.drain(Duration::from_secs(5)).await, 0);
    });
    let server = tokio::spawn(server.into_future());
    let mut client = RawClient::open(addr).await;
    client.write(&crate::raw::frame(TEXT, b"hello")).await;
    assert_eq!(client.frame().await, Some((TEXT, b"hello".to_vec())));
    stop.send(()).unwrap();
    assert_eq!(client.closed().await.0, close_code::RESTART);
    drop(client);
    server.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_session_opened_at_the_last_moment_is_closed_too() {
    let state = AppState::new();
    let (server, _ends) = start_reporting::<Plain>(&state);
    let opened = server.connect("/").await;
    state.shutdown().begin();
    let mut opened = opened;
    assert_eq!(opened.closed().await.code(), close_code::RESTART);
    until_all_are_gone(&state).await;
}
