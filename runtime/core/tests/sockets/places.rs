//! Sessions that are counted for each user and address.

use crate::app::{echo, in_time, next, until};
use autumn_ws_core::{
    AppState, Endpoint, Event, Over, Proxy, Session, Upgrade,
    testing::{Refused, TestClient, TestServer},
};
use axum::{
    Router,
    extract::{Path, State},
    response::{ErrorResponse, Response, Result},
    routing::any,
};
use tokio::sync::mpsc;

struct Chat;

impl Endpoint for Chat {
    const NAME: &'static str = "chat";
}

struct Feed;

impl Endpoint for Feed {
    const NAME: &'static str = "feed";
}

/// Two sessions for each user.
async fn two<E: Endpoint>(mut upgrade: Upgrade<E>, Path(user): Path<String>) -> Result<Response> {
    upgrade.connections_per("user", &user, 2, Over::Refuse)?;
    Ok(upgrade.on_upgrade(echo).await)
}

/// The newest session of each user, and three for each address.
async fn newest(mut upgrade: Upgrade<Chat>, Path(user): Path<String>) -> Result<Response> {
    upgrade.connections_per_peer(3, Over::Refuse)?;
    upgrade.connections_per("user", &user, 1, Over::Oldest)?;
    if user == "banned" {
        return Err(axum::http::StatusCode::FORBIDDEN.into());
    }
    Ok(upgrade.on_upgrade(echo).await)
}

fn start(state: &AppState) -> TestServer {
    let app = Router::new()
        .route("/two/{user}", any(two::<Chat>))
        .route("/feed/{user}", any(two::<Feed>))
        .route("/newest/{user}", any(newest))
        .with_state(state.clone());
    TestServer::start(app, state.shutdown())
}

async fn ask(client: &mut TestClient, text: &str) -> String {
    client.send(text).await;
    client.text().await
}

async fn refused(server: &TestServer, path: &str) -> Refused {
    server.request(path).connect().await.unwrap_err()
}

fn count(state: &AppState, endpoint: &str, reason: &str) -> u64 {
    let snapshot = state.metrics().snapshot();
    let mut endpoints = snapshot.endpoints.iter();
    let endpoint = endpoints.find(|of| of.endpoint == endpoint).unwrap();
    let mut rejected = endpoint.rejected.iter();
    rejected.find(|of| of.reason == reason).unwrap().count
}

#[tokio::test]
async fn a_user_with_too_many_sessions_gets_429() {
    let state = AppState::new();
    let server = start(&state);
    let mut first = server.connect("/two/ann").await;
    let second = server.connect("/two/ann").await;
    let answer = refused(&server, "/two/ann").await;
    assert_eq!(
        (
            answer.status.as_u16(),
            answer.headers["retry-after"].to_str().unwrap()
        ),
        (429, "1")
    );
    assert_eq!(count(&state, "chat", "connections_per"), 1);
    assert_eq!(count(&state, "chat", "application"), 0);
    // Others have their own places, and so have other endpoints.
    server.connect("/two/bob").await;
    server.connect("/feed/ann").await;
    drop(second);
    until("a place is free", || {
        state.metrics().snapshot().endpoints[0].open < 2
    })
    .await;
    let mut third = server.connect("/two/ann").await;
    assert_eq!(ask(&mut first, "first").await, "first");
    assert_eq!(ask(&mut third, "third").await, "third");
}

#[tokio::test]
async fn the_oldest_session_makes_room_for_a_new_one() {
    let state = AppState::new();
    let server = start(&state);
    for _ in 0..3 {
        let mut old = server.connect("/newest/ann").await;
        assert_eq!(ask(&mut old, "hello").await, "hello");
        let mut new = server.connect("/newest/ann").await;
        let closed = old.closed().await;
        assert_eq!((closed.code(), closed.reason()), (4000, "replaced"));
        assert_eq!(ask(&mut new, "hello").await, "hello");
        new.close(1000, "").await;
    }
}

#[tokio::test]
async fn a_request_that_is_refused_replaces_nobody() {
    let state = AppState::new();
    let server = start(&state);
    let mut old = server.connect("/newest/banned-soon").await;
    assert_eq!(refused(&server, "/newest/banned").await.status, 403);
    assert_eq!(ask(&mut old, "still here").await, "still here");
}

#[tokio::test]
async fn an_address_is_counted_over_all_users() {
    let state = AppState::new();
    let server = start(&state);
    let _clients = [
        server.connect("/newest/a").await,
        server.connect("/newest/b").await,
        server.connect("/newest/c").await,
    ];
    assert_eq!(refused(&server, "/newest/d").await.status, 429);
}

/// Behind a trusted proxy, clients are told apart; those of one IPv6 network are not.
#[tokio::test]
async fn an_address_is_that_of_the_client_behind_the_proxy() {
    let state = AppState::new().trusting(Proxy::XForwardedFor);
    let server = start(&state);
    let from = |user: &str, address: &'static str| {
        let request = server.request(&format!("/newest/{user}"));
        request.header("x-forwarded-for", address).connect()
    };
    let mut clients = Vec::new();
    for (n, address) in ["2001:db8::1", "2001:db8::2", "2001:db8::ffff:3"]
        .into_iter()
        .enumerate()
    {
        clients.push(from(&n.to_string(), address).await.unwrap());
    }
    let answer = from("late", "2001:db8:0:0:1:2:3:4").await.unwrap_err();
    assert_eq!(answer.status, 429);
    from("other", "2001:db8:0:1::1").await.unwrap();
    from("older", "192.0.2.1").await.unwrap();
}

/// Its place is free at once, and it is closed when its code waits again.
#[tokio::test]
async fn a_busy_session_is_replaced_too() {
    let state = AppState::new();
    let (report, mut reports) = mpsc::unbounded_channel();
    let (release, released) = tokio::sync::watch::channel(false);
    let upgrade = async move |mut upgrade: Upgrade<Chat>, State(_): State<AppState>| {
        upgrade.connections_per("user", "ann", 1, Over::Oldest)?;
        let (report, mut released) = (report.clone(), released.clone());
        let busy = async move |mut session: Session| {
            while let Some(event) = session.next().await {
                if let Event::Message(message) = event {
                    report.send("busy".to_owned()).unwrap();
                    released.wait_for(|released| *released).await.unwrap();
                    let sent = session.send(message).await;
                    report.send(format!("{:?}", sent.is_err())).unwrap();
                }
            }
            report.send(session.closed().unwrap().to_string()).unwrap();
            Ok(())
        };
        Ok::<_, ErrorResponse>(upgrade.on_upgrade(busy).await)
    };
    let app = Router::new()
        .route("/", any(upgrade))
        .with_state(state.clone());
    let server = TestServer::start(app, state.shutdown());
    let mut old = server.connect("/").await;
    old.send("hello").await;
    assert_eq!(next(&mut reports).await, "busy");
    let _new = server.connect("/").await;
    release.send(true).unwrap();
    assert_eq!(next(&mut reports).await, "true");
    let end = "closed by the server with 4000 (replaced)";
    assert_eq!(next(&mut reports).await, end);
    assert_eq!(in_time(old.closed()).await.code(), 4000);
}
