//! Events, sending, and the end of a session.

use crate::{
    app::{Careful, Plain, millis, next, start, start_reporting, until},
    memory,
    raw::{CLOSE, PING, RawClient, TEXT, frame},
};
use autumn_ws_core::{
    AppState, CloseFrame, ClosedBy, Event, Message, Session, Upgrade, close_code,
    testing::TestServer,
};
use axum::{Router, extract::State, routing::any};
use std::{
    collections::HashSet,
    future::pending,
    sync::atomic::{AtomicUsize, Ordering},
};
use tokio::{sync::mpsc, time::sleep};

#[tokio::test]
async fn a_burst_comes_back_in_order() {
    let (server, _) = start_reporting::<Plain>(&AppState::new());
    let mut client = server.connect("/").await;
    for n in 0..1000 {
        client.send(n.to_string()).await;
    }
    for n in 0..1000 {
        assert_eq!(client.text().await, n.to_string());
    }
}

#[tokio::test]
async fn text_stays_text_and_bytes_stay_bytes() {
    let (server, _) = start_reporting::<Plain>(&AppState::new());
    let mut client = server.connect("/").await;
    for size in [0, 1, 125, 126, 65_535, 65_536, 1_000_000] {
        client.send("é".repeat(size / 2)).await;
        assert_eq!(client.text().await, "é".repeat(size / 2));
        client.send(vec![0xff; size]).await;
        assert_eq!(client.binary().await, vec![0xff; size]);
    }
}

#[tokio::test]
async fn the_client_closes() {
    let (server, mut ends) = start_reporting::<Plain>(&AppState::new());
    let mut client = server.connect("/").await;
    client.close(4001, "enough").await;
    let closed = next(&mut ends).await;
    assert_eq!(closed.by(), ClosedBy::Client);
    assert_eq!((closed.code(), closed.reason()), (4001, "enough"));
    // The handshake is complete: the server has echoed the close.
    let closed = client.closed().await;
    assert_eq!((closed.code(), closed.reason()), (4001, "enough"));
}

#[tokio::test]
async fn the_client_closes_without_a_code() {
    let (server, mut ends) = start_reporting::<Plain>(&AppState::new());
    let mut client = server.connect("/").await;
    client.send(Message::Close(None)).await;
    let closed = next(&mut ends).await;
    assert_eq!(
        (closed.by(), closed.code()),
        (ClosedBy::Client, close_code::STATUS)
    );
}

#[tokio::test]
async fn the_client_vanishes() {
    let (server, mut ends) = start_reporting::<Plain>(&AppState::new());
    let client = RawClient::open(server.addr()).await;
    drop(client);
    let closed = next(&mut ends).await;
    assert_eq!(
        (closed.by(), closed.code()),
        (ClosedBy::Network, close_code::ABNORMAL)
    );
}

#[tokio::test]
async fn a_push_only_handler_notices_that_its_client_left() {
    let (gone, mut ends) = mpsc::unbounded_channel();
    let state = AppState::new();
    let channels = state.channels().clone();
    let server = start::<Plain, _, _>(&state, move |mut session| {
        let gone = gone.clone();
        session.subscribe("feed", channels.subscribe("feed"));
        async move {
            while let Some(event) = session.next().await {
                if let Event::Channel(_, message) = event {
                    session.send(message).await?;
                }
            }
            gone.send(()).unwrap();
            Ok(())
        }
    });
    drop(server.connect("/").await);
    next(&mut ends).await;
    until("the subscription is gone", || {
        state.channels().publish("feed", "x") == 0
    })
    .await;
}

#[tokio::test]
async fn the_server_closes() {
    let (report, mut reports) = mpsc::unbounded_channel();
    let server = start::<Plain, _, _>(&AppState::new(), move |mut session| {
        let report = report.clone();
        async move {
            session.send("before").await?;
            assert!(session.closed().is_none());
            let first = session.close(4002, "go away").await.unwrap_err();
            let second = session.close(4003, "too late").await.unwrap_err();
            assert_eq!(first, second);
            assert_eq!(session.closed(), Some(first.clone()));
            assert!(session.next().await.is_none());
            assert_eq!(session.send("too late").await, Err(first.clone()));
            assert_eq!(session.flush().await, Err(first.clone()));
            report.send(first.clone()).unwrap();
            Err(first)
        }
    });
    let mut client = server.connect("/").await;
    assert_eq!(client.text().await, "before");
    let closed = client.closed().await;
    assert_eq!((closed.code(), closed.reason()), (4002, "go away"));
    let closed = next(&mut reports).await;
    assert_eq!(closed.by(), ClosedBy::Server);
    assert_eq!((closed.code(), closed.reason()), (4002, "go away"));
}

#[tokio::test]
async fn a_handler_that_returns_closes_with_1000() {
    let server = start::<Plain, _, _>(&AppState::new(), async |mut session| {
        session.send("bye").await
    });
    let mut client = server.connect("/").await;
    assert_eq!(client.text().await, "bye");
    assert_eq!(client.closed().await.code(), close_code::NORMAL);
}

#[tokio::test]
async fn a_close_message_closes() {
    let server = start::<Plain, _, _>(&AppState::new(), async |mut session| {
        let frame = CloseFrame {
            code: 1005,
            reason: "x".repeat(200).into(),
        };
        session.send(Message::Close(Some(frame))).await
    });
    let closed = server.connect("/").await.closed().await;
    assert_eq!(
        (closed.code(), closed.reason().len()),
        (close_code::ERROR, 123)
    );
    let server = start::<Plain, _, _>(&AppState::new(), async |mut session| {
        session.send(Message::Close(None)).await
    });
    let closed = server.connect("/").await.closed().await;
    assert_eq!(closed.code(), close_code::NORMAL);
}

#[tokio::test]
async fn control_frames_can_be_sent_if_they_fit() {
    let server = start::<Plain, _, _>(&AppState::new(), async |mut session| {
        session.send(Message::Ping(vec![0; 126].into())).await?;
        session.send(Message::Ping(vec![7; 125].into())).await?;
        session.send("after").await
    });
    let mut client = RawClient::open(server.addr()).await;
    assert_eq!(client.frame().await, Some((PING, vec![7; 125])));
    assert_eq!(client.frame().await, Some((TEXT, b"after".to_vec())));
}

#[tokio::test]
async fn next_can_be_cancelled_without_loss() {
    let server = start::<Plain, _, _>(&AppState::new(), async |mut session| {
        loop {
            tokio::select! {
                biased;
                () = tokio::task::yield_now() => {}
                event = session.next() => match event {
                    Some(Event::Message(message)) => session.send(message).await?,
                    _ => return Ok(()),
                },
            }
        }
    });
    let mut client = server.connect("/").await;
    for n in 0..200 {
        client.send(n.to_string()).await;
    }
    for n in 0..200 {
        assert_eq!(client.text().await, n.to_string());
    }
}

#[tokio::test(start_paused = true)]
async fn neither_the_client_nor_a_channel_starves() {
    let (report, mut reports) = mpsc::unbounded_channel();
    let state = AppState::new();
    let channels = state.channels().clone();
    let server = memory::start::<Plain, _, _>(&state, move |mut session| {
        let report = report.clone();
        for label in ["one", "two"] {
            session.subscribe(label, channels.subscribe(label));
            for _ in 0..100 {
                channels.publish(label, "busy");
            }
        }
        async move {
            // The client's messages have arrived before time passes.
            sleep(millis(100)).await;
            let mut seen = Vec::new();
            while seen.len() < 300 {
                seen.push(match session.next().await {
                    Some(Event::Message(_)) => "client",
                    Some(Event::Channel(label, _)) => label,
                    other => panic!("{other:?}"),
                });
            }
            report.send(seen).unwrap();
            Ok(())
        }
    });
    let mut client = server.open().await;
    for _ in 0..100 {
        client.write(&frame(TEXT, b"busy")).await;
    }
    let seen = next(&mut reports).await;
    for window in seen[..150].windows(40) {
        let sources: HashSet<_> = window.iter().copied().collect();
        assert_eq!(sources.len(), 3, "{window:?}");
    }
}

#[tokio::test]
async fn a_reply_does_not_wait_behind_an_endless_stream_of_events() {
    let state = AppState::new();
    let channels = state.channels().clone();
    let server = start::<Plain, _, _>(&state, move |mut session| {
        session.subscribe("feed", channels.subscribe("feed"));
        for _ in 0..128 {
            channels.publish("feed", "x");
        }
        async move {
            for n in 0..100 {
                session.next().await;
                session.send(n.to_string()).await?;
            }
            // Busy with something else, while events never pause.
            pending().await
        }
    });
    let mut client = server.connect("/").await;
    for n in 0..63 {
        assert_eq!(client.text().await, n.to_string());
    }
}

#[tokio::test]
async fn the_client_gets_its_answer_while_the_handler_cleans_up() {
    let server = start::<Plain, _, _>(&AppState::new(), async |mut session| {
        while session.next().await.is_some() {}
        pending().await
    });
    let mut client = RawClient::open(server.addr()).await;
    client.write(&frame(CLOSE, &[3, 232])).await;
    assert_eq!(client.frame().await, Some((CLOSE, vec![3, 232])));
}

#[tokio::test]
async fn a_subscription_made_with_the_upgrade_misses_nothing() {
    let state = AppState::new();
    let upgrade = async |mut upgrade: Upgrade<Plain>, State(state): State<AppState>| {
        let channels = state.channels();
        upgrade.subscribe("early", channels.subscribe("early"));
        channels.publish("early", "before the socket is open");
        upgrade
            .on_upgrade(async |mut session: Session| {
                while let Some(event) = session.next().await {
                    if let Event::Channel("early", message) = event {
                        session.send(message).await?;
                    }
                }
                Ok(())
            })
            .await
    };
    let app = Router::new()
        .route("/", any(upgrade))
        .with_state(state.clone());
    let server = TestServer::start(app, state.shutdown());
    let mut client = server.connect("/").await;
    assert_eq!(client.text().await, "before the socket is open");
}

#[tokio::test]
async fn flush_sends_without_next() {
    let server = start::<Plain, _, _>(&AppState::new(), async |mut session| {
        session.send("flushed").await?;
        session.flush().await?;
        session.send("not flushed").await?;
        pending().await
    });
    let mut client = RawClient::open(server.addr()).await;
    assert_eq!(client.frame().await.unwrap().1, b"flushed");
    let more = tokio::time::timeout(millis(100), client.frame()).await;
    assert!(more.is_err());
}

#[tokio::test]
async fn a_burst_of_sends_is_one_write() {
    let server = start::<Plain, _, _>(&AppState::new(), async |mut session| {
        for _ in 0..100 {
            session.send("0123456789").await?;
        }
        session.next().await;
        Ok(())
    });
    let client = RawClient::open(server.addr()).await;
    client.stream.readable().await.unwrap();
    let mut bytes = [0; 4096];
    assert_eq!(client.stream.try_read(&mut bytes).unwrap(), 1200);
}

#[tokio::test]
async fn lag_is_reported_exactly() {
    static MISSED: AtomicUsize = AtomicUsize::new(0);
    let state = AppState::new();
    let channels = state.channels().clone();
    let server = start::<Careful, _, _>(&state, move |mut session| {
        session.subscribe("feed", channels.subscribe_with_capacity("feed", 10));
        for n in 0..25 {
            channels.publish("feed", n.to_string());
        }
        async move {
            while let Some(event) = session.next().await {
                match event {
                    Event::Lagged(lagged) => {
                        assert_eq!(lagged.channel, "feed");
                        MISSED.fetch_add(lagged.missed.try_into().unwrap(), Ordering::Relaxed);
                    }
                    Event::Channel("feed", message) => session.send(message).await?,
                    other => panic!("{other:?}"),
                }
            }
            Ok(())
        }
    });
    let mut client = server.connect("/").await;
    for n in 15..25 {
        assert_eq!(client.text().await, n.to_string());
    }
    assert_eq!(MISSED.load(Ordering::Relaxed), 15);
}

#[tokio::test]
async fn a_session_moved_to_another_task_lives_on() {
    let server = start::<Plain, _, _>(&AppState::new(), async |mut session| {
        // Only after the function has returned: a test has one thread.
        tokio::spawn(async move { session.send("elsewhere").await });
        Ok(())
    });
    let mut client = server.connect("/").await;
    assert_eq!(client.text().await, "elsewhere");
    assert_eq!(client.closed().await.code(), close_code::NORMAL);
}
