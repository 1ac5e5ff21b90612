//! Metrics for the person on call: each failure has a counter.

use crate::{
    app::{Plain, echo, millis, router, run_echo, stay, until_all_are_gone},
    raw::{BINARY, HANDSHAKE, RawClient, TEXT, frame},
    scrape::{Scrape, get},
};
use autumn_ws_core::{
    Accept, AppState, ChannelName, Closed, Endpoint, Event, Session, Upgrade, close_code, metrics,
    testing::{self, TestServer},
};
use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{any, get as on_get},
};
use socket2::SockRef;
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::{Mutex, mpsc},
};

const FEED: ChannelName = ChannelName::fixed("feed");

/// The metrics of an application, for its router.
fn views(state: &AppState) -> Router {
    Router::new()
        .route("/metrics", on_get(metrics::prometheus))
        .route("/sockets", on_get(metrics::json))
        .with_state(state.clone())
}

/// Serves the endpoint `E` at `/`, and its metrics.
fn start<E, F, Fut>(state: &AppState, code: F) -> TestServer
where
    E: Endpoint + 'static,
    F: Fn(Session) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<(), Closed>> + Send + 'static,
{
    let router = router::<E, F, Fut>(state, code).merge(views(state));
    TestServer::start(router, state.shutdown())
}

struct Single;

impl Endpoint for Single {
    const NAME: &'static str = "single";
    const CONNECTIONS: Option<usize> = Some(1);
}

/// Admits clients that ask for it.
async fn gated(upgrade: Upgrade<Single>, Path(answer): Path<bool>) -> Response {
    if !answer {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    upgrade.on_upgrade(echo).await
}

#[tokio::test]
async fn refusals_are_counted_by_reason() {
    let state = AppState::new();
    let router = Router::new()
        .route("/{answer}", any(gated))
        .with_state(state.clone())
        .merge(views(&state));
    let server = TestServer::start(router, state.shutdown());
    let refused = async |path: &str, origin: &str| {
        let request = server.request(path).origin(origin);
        request.connect().await.unwrap_err().status
    };
    let own = format!("http://{}", server.addr());

    let client = server.connect("/true").await;
    assert_eq!(refused("/true", &own).await, 503);
    assert_eq!(refused("/true", "https://evil.example").await, 403);
    drop(client);
    Scrape::until(&server, r#"sessions_open{endpoint="single"}"#, 0).await;
    // Refused by its code, and by an extractor.
    assert_eq!(refused("/false", &own).await, 401);
    assert_eq!(refused("/maybe", &own).await, 400);
    let (no_handshake, _) = get(&server, "/true").await;
    assert!(no_handshake.starts_with("HTTP/1.1 400"));

    let scrape = Scrape::of(&server).await;
    let rejected = |reason| {
        let labels = format!(r#"{{endpoint="single",reason="{reason}"}}"#);
        scrape.get(&format!("sessions_rejected_total{labels}"))
    };
    assert_eq!(rejected("connections"), 1);
    assert_eq!(rejected("origin"), 1);
    assert_eq!(rejected("application"), 2);
    assert_eq!(rejected("handshake"), 1);
    assert_eq!(rejected("shutting_down"), 0);
    assert_eq!(scrape.get(r#"sessions_opened_total{endpoint="single"}"#), 1);
}

#[tokio::test]
async fn a_request_during_the_shutdown_is_counted() {
    let state = AppState::new();
    let server = start::<Plain, _, _>(&state, stay);
    let mut late = TcpStream::connect(server.addr()).await.unwrap();
    let later = TcpStream::connect(server.addr()).await.unwrap();
    // Accepted after those.
    let _client = server.connect("/").await;
    state.shutdown().begin();
    late.write_all(HANDSHAKE.as_bytes()).await.unwrap();
    let mut status = [0; 12];
    late.read_exact(&mut status).await.unwrap();
    assert_eq!(status, *b"HTTP/1.1 503");
    let scrape = Scrape::over(later).await;
    let rejected = r#"sessions_rejected_total{endpoint="plain",reason="shutting_down"}"#;
    assert_eq!(scrape.get(rejected), 1);
}

#[tokio::test]
async fn a_granted_socket_that_does_not_open_is_counted() {
    let state = AppState::new();
    let (client, clients) = mpsc::channel::<TcpStream>(1);
    let clients = Arc::new(Mutex::new(clients));
    // The client disconnects while the response is in flight.
    let breaks_off = async move |upgrade: Upgrade<Plain>| {
        let client = clients.lock().await.recv().await.unwrap();
        let answer = upgrade.on_upgrade(echo).await;
        SockRef::from(&client).set_linger(Some(millis(0))).unwrap();
        drop(client);
        answer
    };
    let router = Router::new()
        .route("/", any(breaks_off))
        .with_state(state.clone())
        .merge(views(&state));
    let server = TestServer::start(router, state.shutdown());
    let mut stream = TcpStream::connect(server.addr()).await.unwrap();
    stream.write_all(HANDSHAKE.as_bytes()).await.unwrap();
    client.send(stream).await.unwrap();
    let failed = r#"sessions_failed_total{endpoint="plain"}"#;
    let scrape = Scrape::until(&server, failed, 1).await;
    assert_eq!(scrape.get(r#"sessions_opened_total{endpoint="plain"}"#), 0);
    Scrape::until(&server, r#"sessions_open{endpoint="plain"}"#, 0).await;
}

#[tokio::test]
async fn messages_and_bytes_are_counted_to_the_last() {
    let state = AppState::new();
    let server = start::<Plain, _, _>(&state, echo);
    let mut client = server.connect("/").await;
    for message in ["one", "twelve", ""] {
        client.send(message).await;
        client.text().await;
    }
    // What a client has received is counted.
    let scrape = Scrape::of(&server).await;
    for direction in ["in", "out"] {
        let labels = format!(r#"{{endpoint="plain",direction="{direction}"}}"#);
        assert_eq!(scrape.get(&format!("messages_total{labels}")), 3);
        assert_eq!(scrape.get(&format!("bytes_total{labels}")), 9);
    }
    assert_eq!(scrape.get(r#"sessions_open{endpoint="plain"}"#), 1);
}

struct Picky;

impl Endpoint for Picky {
    const NAME: &'static str = "picky";
    const ACCEPT: Accept = Accept::Text;
    const MESSAGE_SIZE: usize = 100;
}

/// How many sessions of an endpoint ended this way.
fn closed(endpoint: &str, by: &str, code: &str) -> String {
    format!(r#"sessions_closed_total{{endpoint="{endpoint}",by="{by}",code="{code}"}}"#)
}

#[tokio::test]
async fn ends_are_counted_by_side_and_code() {
    let state = AppState::new();
    let server = start::<Picky, _, _>(&state, async |mut session: Session| {
        match session.next().await {
            Some(Event::Message(message))
                if message.to_text().is_ok_and(|text| text == "panic") =>
            {
                panic!("as asked for")
            }
            Some(Event::Message(message)) if message.to_text()? == "fail" => Err("as asked for")?,
            Some(Event::Message(_)) => Ok(()),
            _ => run_echo(&mut session).await,
        }
    });
    let cases = [
        (frame(TEXT, b"panic"), "1011"),
        (frame(TEXT, b"fail"), "1011"),
        (frame(TEXT, b"return"), "1000"),
        (frame(TEXT, b"\xff"), "1007"),
        (frame(TEXT, &[b'x'; 101]), "1009"),
        (frame(BINARY, b"x"), "1003"),
        (frame(0xc1, b"x"), "1002"),
    ];
    for (bytes, code) in cases {
        let mut client = RawClient::open(server.addr()).await;
        client.write(&bytes).await;
        assert_eq!(client.closed().await.0.to_string(), code);
    }
    drop(RawClient::open(server.addr()).await);
    Scrape::until(&server, &closed("picky", "network", "1006"), 1).await;
    for code in [1000, 1001, 3000, 3999, 4000, 4321, 4999] {
        server.connect("/").await.close(code, "bye").await;
    }
    until_all_are_gone(&state).await;
    let scrape = Scrape::of(&server).await;
    let ended = |by, code| scrape.get(&closed("picky", by, code));
    for code in ["1000", "1002", "1003", "1007", "1009"] {
        assert_eq!(ended("server", code), 1, "{code}");
    }
    assert_eq!(ended("server", "1011"), 2);
    assert_eq!((ended("client", "1000"), ended("client", "1001")), (1, 1));
    // A client can choose among a thousand of each: they are one series.
    assert_eq!((ended("client", "3xxx"), ended("client", "4xxx")), (2, 3));
    assert_eq!(ended("network", "1006"), 1);
    let total = |name| scrape.get(&format!(r#"{name}_total{{endpoint="picky"}}"#));
    let counts = ["errors", "panics", "sessions_opened"].map(total);
    assert_eq!(counts, [1, 1, 15]);
}

struct Impatient;

impl Endpoint for Impatient {
    const NAME: &'static str = "impatient";
    const IDLE: Option<Duration> = Some(millis(50));
    const HEARTBEAT: Option<Duration> = None;
}

struct Hasty;

impl Endpoint for Hasty {
    const NAME: &'static str = "hasty";
    const SEND_TIMEOUT: Duration = millis(100);
    const DRAIN: Duration = millis(50);
}

#[tokio::test]
async fn a_silent_client_is_counted() {
    let state = AppState::new();
    let server = start::<Impatient, _, _>(&state, echo);
    let mut client = RawClient::open(server.addr()).await;
    assert_eq!(client.closed().await.0, close_code::AWAY);
    let scrape = Scrape::of(&server).await;
    assert_eq!(
        scrape.get(r#"idle_timeouts_total{endpoint="impatient"}"#),
        1
    );
    assert_eq!(scrape.get(&closed("impatient", "server", "1001")), 1);
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_counted() {
    let state = AppState::new();
    let server = start::<Hasty, _, _>(&state, async |mut session: Session| {
        loop {
            session.send(vec![0; 1 << 20]).await?;
        }
    });
    let _stalled = RawClient::open(server.addr()).await;
    let scrape = Scrape::until(&server, &closed("hasty", "server", "1006"), 1).await;
    assert_eq!(scrape.get(r#"send_timeouts_total{endpoint="hasty"}"#), 1);
}

#[tokio::test]
async fn an_untaken_close_frame_is_counted() {
    let state = AppState::new();
    let server = start::<Hasty, _, _>(&state, async |mut session: Session| {
        // More than all buffers hold, and nobody waits until it has left.
        session.send(vec![0; 10 << 20]).await?;
        session.close(close_code::AGAIN, "enough").await
    });
    let _stalled = RawClient::open(server.addr()).await;
    let timeouts = r#"send_timeouts_total{endpoint="hasty"}"#;
    let scrape = Scrape::until(&server, timeouts, 1).await;
    assert_eq!(scrape.get(&closed("hasty", "server", "1013")), 1);
}

#[tokio::test]
async fn a_session_cut_by_the_shutdown_is_counted() {
    let state = AppState::new();
    let server = start::<Hasty, _, _>(&state, stay);
    let mut client = server.connect("/").await;
    state.shutdown().begin();
    assert_eq!(client.closed().await.code(), Hasty::SHUTDOWN_CODE);
    until_all_are_gone(&state).await;
    let snapshot = state.metrics().snapshot();
    assert_eq!(snapshot.endpoints[0].drain_cuts, 1);
}

#[tokio::test]
async fn losses_are_counted() {
    let state = AppState::new();
    let server = start::<Plain, _, _>(&state, {
        let channels = state.channels().clone();
        move |mut session: Session| {
            session.subscribe("feed", channels.subscribe_with_capacity(FEED, 2));
            async move {
                while let Some(event) = session.next().await {
                    match event {
                        Event::Lagged(_) => session.close(close_code::AGAIN, "too slow").await?,
                        Event::Channel(_, message) => session.send(message).await?,
                        _ => {}
                    }
                }
                Ok(())
            }
        }
    });
    let mut client = server.connect("/").await;
    let open = r#"channel_subscribers{channel="feed"}"#;
    Scrape::until(&server, open, 1).await;
    // Tests run in one thread, so the session cannot read in between.
    for n in 0..5 {
        assert_eq!(state.channels().publish("feed", n.to_string()), 1);
    }
    assert_eq!(testing::gaps(state.channels()), 1);
    assert_eq!(client.closed().await.code(), close_code::AGAIN);
    Scrape::until(&server, open, 0).await;
    state.channels().publish(FEED, "anybody?");

    let scrape = Scrape::of(&server).await;
    let feed = |name| scrape.get(&format!(r#"channel_{name}_total{{channel="feed"}}"#));
    assert_eq!((feed("published"), feed("unheard")), (6, 1));
    assert_eq!((feed("lagged"), feed("delivered")), (3, 0));
    assert_eq!(feed("gaps"), 1);
    assert_eq!(scrape.get(r#"channels_open{channel="feed"}"#), 0);
    assert_eq!(scrape.get(&closed("plain", "server", "1013")), 1);
}

#[tokio::test]
async fn clients_cannot_create_series() {
    let state = AppState::new();
    let server = start::<Plain, _, _>(&state, {
        let channels = state.channels().clone();
        move |mut session: Session| {
            let channels = channels.clone();
            async move {
                while let Some(event) = session.next().await {
                    if let Event::Message(name) = event {
                        let name = format!("room:{}", name.into_text().expect("text"));
                        let name = ChannelName::filled("room:{room}", name);
                        session.subscribe("room", channels.subscribe(&name));
                        channels.publish(&name, "welcome");
                        if let Some(Event::Channel(_, message)) = session.next().await {
                            session.send(message).await?;
                        }
                    }
                }
                Ok(())
            }
        }
    });
    let mut client = server.connect("/").await;
    let join = async |client: &mut autumn_ws_core::testing::TestClient, name: String| {
        client.send(name).await;
        assert_eq!(client.text().await, "welcome");
    };
    join(&mut client, "first".to_owned()).await;
    let few = Scrape::of(&server).await.len();
    for n in 0..1000 {
        join(&mut client, n.to_string()).await;
    }
    client.close(4000, "").await;
    Scrape::until(&server, &closed("plain", "client", "4xxx"), 1).await;
    let scrape = Scrape::of(&server).await;
    // Only the close code is new.
    assert_eq!(scrape.len(), few + 1);
    let published = r#"channel_published_total{channel="room:{room}"}"#;
    assert_eq!(scrape.get(published), 1001);
}

#[tokio::test]
async fn json_has_the_same_values() {
    let state = AppState::new();
    let server = start::<Plain, _, _>(&state, echo);
    let mut client = server.connect("/").await;
    client.send("hello").await;
    client.text().await;
    let _feed = state.channels().subscribe(FEED);
    state.channels().publish(FEED, "1");

    let (head, body) = get(&server, "/sockets").await;
    assert!(head.contains("content-type: application/json"), "{head}");
    let read: serde_json::Value = serde_json::from_str(&body).unwrap();
    let plain = &read["endpoints"]["plain"];
    assert_eq!((&plain["open"], &plain["opened"]), (&1.into(), &1.into()));
    assert_eq!(plain["received"]["bytes"], 5);
    assert_eq!(plain["rejected"]["origin"], 0);
    assert_eq!(plain["closed"]["server"]["1011"], 0);
    let feed = &read["channels"]["feed"];
    assert_eq!(feed["subscriber_count"], 1);
    assert_eq!(feed["lifetime_publish_count"], 1);
}
