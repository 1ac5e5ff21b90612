//! A socket is granted, but a different response is sent.

use crate::{
    app::{bind, in_time},
    http2,
    raw::HANDSHAKE,
};
use autumn_ws_core::{AppState, Endpoint, Session, Upgrade, testing::TestServer};
use axum::{
    Router,
    body::Body,
    extract::State,
    http::StatusCode,
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::any,
};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tower_http::catch_panic::CatchPanicLayer;

struct Single;

impl Endpoint for Single {
    const NAME: &'static str = "single";
    const CONNECTIONS: Option<usize> = Some(1);
}

const FEED: &str = "feed";

async fn grant(state: &AppState, mut upgrade: Upgrade<Single>) -> Response {
    upgrade.subscribe(FEED, state.channels().subscribe(FEED));
    upgrade
        .on_upgrade(async |mut session: Session| {
            session.send("the secret").await?;
            session.close(4000, "that was all").await
        })
        .await
}

async fn granted(State(state): State<AppState>, upgrade: Upgrade<Single>) -> Response {
    grant(&state, upgrade).await
}

/// The handler changes its mind.
async fn refused(State(state): State<AppState>, upgrade: Upgrade<Single>) -> StatusCode {
    drop(grant(&state, upgrade).await);
    StatusCode::FORBIDDEN
}

async fn changed(State(state): State<AppState>, upgrade: Upgrade<Single>) -> Response {
    let mut answer = grant(&state, upgrade).await;
    *answer.status_mut() = StatusCode::FORBIDDEN;
    answer
}

/// The handler panics after granting.
async fn fallen(State(state): State<AppState>, upgrade: Upgrade<Single>) -> Response {
    let answer = grant(&state, upgrade).await;
    assert_eq!(answer.status(), StatusCode::IM_A_TEAPOT);
    answer
}

fn app(state: &AppState) -> Router {
    let late = map_response(async |_: Response| StatusCode::FORBIDDEN.into_response());
    let page = map_response(async |_: Response| "a page");
    let wrapped_and_late = Router::new()
        .route("/refused-by-the-second-layer", any(granted))
        .route_layer(map_response(async |answer: Response| {
            // Such a body does not report whether it has ended.
            answer.map(|body| Body::from_stream(body.into_data_stream()))
        }))
        .route_layer(late.clone());
    Router::new()
        .merge(wrapped_and_late)
        .route("/refused", any(refused))
        .route("/refused-by-a-layer", any(granted).layer(late))
        .route("/changed", any(changed))
        .route("/fallen", any(fallen))
        .route("/caught", any(fallen).layer(CatchPanicLayer::new()))
        .route("/page", any(granted).layer(page))
        .route("/", any(granted))
        .with_state(state.clone())
}

/// An application on either server.
async fn start(state: &AppState) -> [SocketAddr; 2] {
    let (listener, addr) = bind().await;
    let app = app(state);
    tokio::spawn(axum::serve(listener, app.clone()).into_future());
    // It serves until the test ends.
    let server = TestServer::start(app, state.shutdown());
    [server.addr(), addr]
}

/// Asks for a socket.
async fn ask(addr: SocketAddr, path: &str, connection: &str) -> TcpStream {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let request = HANDSHAKE
        .replace("GET / ", &format!("GET {path} "))
        .replace("Connection: Upgrade", &format!("Connection: {connection}"));
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(in_time(stream.read_u8()).await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

/// Everything until the connection ends.
async fn all(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    in_time(stream.read_to_end(&mut bytes)).await.unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// None of these sessions is open, or ever was.
fn has_refused(state: &AppState, count: u64) {
    let snapshot = state.metrics().snapshot();
    let single = &snapshot.endpoints[0];
    assert_eq!((single.open, single.opened, single.failed), (0, 0, 0));
    let rejected: Vec<_> = single
        .rejected
        .iter()
        .filter(|rejected| rejected.count > 0)
        .map(|rejected| (rejected.reason, rejected.count))
        .collect();
    assert_eq!(rejected, [("application", count)]);
    // Nobody listens: messages reach nobody.
    assert_eq!(state.channels().publish(FEED, "anybody?"), 0);
    assert!(format!("{:?}", state.shutdown()).contains("sessions: 0"));
}

async fn is_refused(path: &str) {
    for server in 0..2 {
        let state = AppState::new();
        let addr = start(&state).await[server];
        // The connection is kept, and could become a socket later.
        let mut kept = ask(addr, path, "Upgrade").await;
        assert!(head(&mut kept).await.starts_with("HTTP/1.1 403 "));
        has_refused(&state, 1);
        // The client has sent everything.
        kept.shutdown().await.unwrap();
        assert_eq!(all(&mut kept).await, "");
        // The connection ends with the response.
        let mut last = ask(addr, path, "Upgrade, close").await;
        let heard = all(&mut last).await;
        assert!(heard.starts_with("HTTP/1.1 403 ") && !heard.contains("secret"));
        has_refused(&state, 2);
        // The one place is free.
        is_granted(addr, "/").await;
    }
}

async fn is_granted(addr: SocketAddr, path: &str) {
    let mut socket = ask(addr, path, "Upgrade").await;
    assert!(head(&mut socket).await.starts_with("HTTP/1.1 101 "));
    socket.shutdown().await.unwrap();
    assert!(all(&mut socket).await.contains("the secret"));
}

#[tokio::test]
async fn by_the_handler() {
    is_refused("/refused").await;
}

#[tokio::test]
async fn by_a_layer() {
    is_refused("/refused-by-a-layer").await;
}

#[tokio::test]
async fn by_another_status() {
    let state = AppState::new();
    let [addr, _] = start(&state).await;
    let mut last = ask(addr, "/changed", "Upgrade, close").await;
    let heard = all(&mut last).await;
    assert!(heard.starts_with("HTTP/1.1 403 ") && !heard.contains("secret"));
    has_refused(&state, 1);
}

#[tokio::test]
async fn by_a_panic() {
    let state = AppState::new();
    for (addr, count) in start(&state).await.into_iter().zip(1..) {
        let mut stream = ask(addr, "/fallen", "Upgrade").await;
        assert_eq!(all(&mut stream).await, "");
        has_refused(&state, count);
        assert_eq!(state.metrics().snapshot().endpoints[0].panics, count);
    }
}

#[tokio::test]
async fn by_a_panic_that_is_caught() {
    let state = AppState::new();
    for (addr, count) in start(&state).await.into_iter().zip(1..) {
        let mut stream = ask(addr, "/caught", "Upgrade, close").await;
        assert!(all(&mut stream).await.starts_with("HTTP/1.1 500 "));
        has_refused(&state, count);
        assert_eq!(state.metrics().snapshot().endpoints[0].panics, count);
    }
}

#[tokio::test]
async fn by_a_layer_around_another_body() {
    is_refused("/refused-by-the-second-layer").await;
}

/// hyper hands out the connection when the second request has its response.
#[tokio::test]
async fn before_a_last_request_on_the_connection() {
    for path in [
        "/refused",
        "/refused-by-a-layer",
        "/refused-by-the-second-layer",
    ] {
        let state = AppState::new();
        for (addr, count) in start(&state).await.into_iter().zip(1..) {
            let mut stream = ask(addr, path, "Upgrade").await;
            let last = "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            stream.write_all(last.as_bytes()).await.unwrap();
            let heard = all(&mut stream).await;
            assert!(
                heard.starts_with("HTTP/1.1 403 ") && heard.contains("HTTP/1.1 404 "),
                "{path}: {heard}"
            );
            assert!(!heard.contains("secret"), "{path}: {heard}");
            has_refused(&state, count);
        }
    }
}

#[tokio::test]
async fn by_a_page() {
    let state = AppState::new();
    for (addr, count) in start(&state).await.into_iter().zip(1..) {
        let heard = all(&mut ask(addr, "/page", "Upgrade, close").await).await;
        assert!(heard.starts_with("HTTP/1.1 200 ") && heard.ends_with("a page"));
        has_refused(&state, count);
    }
}

#[tokio::test]
async fn over_http2() {
    let state = AppState::new();
    for (addr, count) in start(&state).await.into_iter().zip(1..) {
        let mut requests = http2::connect(addr).await;
        let (answer, _) = http2::open_at(&mut requests, "/refused", "here", "http://here").await;
        assert_eq!(answer.status(), 403);
        has_refused(&state, count);
    }
}
