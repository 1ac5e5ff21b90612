//! A socket is granted, but a different response is sent.

use crate::{
    app::{bind, in_time, until},
    http2,
    raw::HANDSHAKE,
};
use autumn_ws_core::{AppState, Endpoint, Session, Upgrade, testing::TestServer};
use axum::{
    Router,
    body::{Body, HttpBody, to_bytes},
    extract::State,
    http::StatusCode,
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::any,
};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep,
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    on_early_drop::{EarlyDropsAsFailures, OnEarlyDropLayer},
    trace::DefaultOnFailure,
};

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

async fn change(mut answer: Response) -> Response {
    *answer.status_mut() = StatusCode::FORBIDDEN;
    answer
}

async fn change_and_say(answer: Response) -> Response {
    change(answer.map(|_| Body::from("not you"))).await
}

async fn ask_and_refuse(answer: Response) -> StatusCode {
    assert!(answer.body().is_end_stream());
    StatusCode::FORBIDDEN
}

async fn buffer_and_refuse(answer: Response) -> StatusCode {
    let (parts, body) = answer.into_parts();
    assert!(to_bytes(body, 1024).await.unwrap().is_empty());
    drop(parts);
    StatusCode::FORBIDDEN
}

/// Keeps the headers longer than the server does.
async fn keep(answer: Response) -> Response {
    let headers = answer.headers().clone();
    tokio::spawn(async move {
        sleep(Duration::from_mins(1)).await;
        drop(headers);
    });
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
    let early = EarlyDropsAsFailures::new(DefaultOnFailure::default());
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
        .route("/refused-by-a-layer", any(granted).layer(late.clone()))
        .route(
            "/asked-and-refused",
            any(granted).layer(map_response(ask_and_refuse)),
        )
        .route(
            "/buffered-and-refused",
            any(granted).layer(map_response(buffer_and_refuse)),
        )
        .route(
            "/watched-and-refused",
            any(granted).layer(OnEarlyDropLayer::new(early)).layer(late),
        )
        .route("/changed", any(changed))
        .route(
            "/changed-by-a-layer",
            any(granted).layer(map_response(change)),
        )
        .route(
            "/changed-with-a-text",
            any(granted).layer(map_response(change_and_say)),
        )
        .route("/kept", any(granted).layer(map_response(keep)))
        .route("/fallen", any(fallen))
        .route("/caught", any(fallen).layer(CatchPanicLayer::new()))
        .route("/page", any(granted).layer(page))
        .route("/", any(granted))
        .with_state(state.clone())
}

/// An application on each server: the first one reports what it answers.
async fn start(state: &AppState) -> [SocketAddr; 3] {
    let app = app(state);
    let (axum, axum_addr) = bind().await;
    tokio::spawn(axum::serve(axum, app.clone()).into_future());
    let (other, other_addr) = bind().await;
    let other = axum_server::from_tcp(other.into_std().unwrap()).unwrap();
    tokio::spawn(other.serve(app.clone().into_make_service()));
    // It serves until the test ends.
    let server = TestServer::start(app, state.shutdown());
    [server.addr(), axum_addr, other_addr]
}

/// Asks for a socket.
async fn ask(addr: SocketAddr, path: &str) -> TcpStream {
    send(addr, &handshake(path)).await
}

fn handshake(path: &str) -> String {
    HANDSHAKE.replace("GET / ", &format!("GET {path} "))
}

async fn send(addr: SocketAddr, bytes: &str) -> TcpStream {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    stream
}

/// The last request of a connection, which hyper hands out after the response.
const LAST: &str = "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

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

fn rejected(state: &AppState) -> Vec<(&'static str, u64)> {
    let snapshot = state.metrics().snapshot();
    let reasons = snapshot.endpoints[0].rejected.iter();
    let rejected = reasons.filter(|rejected| rejected.count > 0);
    rejected
        .map(|rejected| (rejected.reason, rejected.count))
        .collect()
}

/// None of these sessions is open, or ever was.
fn has_refused(state: &AppState, count: u64) {
    let snapshot = state.metrics().snapshot();
    let single = &snapshot.endpoints[0];
    assert_eq!((single.open, single.opened, single.failed), (0, 0, 0));
    assert_eq!(rejected(state), [("application", count)]);
    // Nobody listens: messages reach nobody.
    assert_eq!(state.channels().publish(FEED, "anybody?"), 0);
    assert!(format!("{:?}", state.shutdown()).contains("sessions: 0"));
}

async fn is_refused(path: &str) {
    for server in 0..3 {
        let state = AppState::new();
        let addr = start(&state).await[server];
        let mut kept = ask(addr, path).await;
        assert!(head(&mut kept).await.starts_with("HTTP/1.1 403 "));
        has_refused(&state, 1);
        // The client has sent everything.
        kept.shutdown().await.unwrap();
        assert_eq!(all(&mut kept).await, "");
        let mut last = ask(addr, path).await;
        assert!(head(&mut last).await.starts_with("HTTP/1.1 403 "));
        last.write_all(LAST.as_bytes()).await.unwrap();
        is_nothing(&all(&mut last).await);
        has_refused(&state, 2);
        let mut both = send(addr, &(handshake(path) + LAST)).await;
        assert!(head(&mut both).await.starts_with("HTTP/1.1 403 "));
        is_nothing(&all(&mut both).await);
        has_refused(&state, 3);
        // The one place is free.
        is_granted(addr, "/").await;
    }
}

fn is_nothing(heard: &str) {
    assert!(
        heard.starts_with("HTTP/1.1 404 ") && !heard.contains("secret"),
        "{heard}"
    );
}

async fn is_granted(addr: SocketAddr, path: &str) {
    let mut socket = ask(addr, path).await;
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
async fn by_a_layer_that_asks_the_body_first() {
    is_refused("/asked-and-refused").await;
    is_refused("/buffered-and-refused").await;
}

#[tokio::test]
async fn by_a_layer_around_one_that_asks_the_body() {
    is_refused("/watched-and-refused").await;
}

/// Servers that do not report what they send end the connection.
#[tokio::test]
async fn by_another_status() {
    for path in ["/changed", "/changed-by-a-layer", "/changed-with-a-text"] {
        for server in 0..3 {
            let state = AppState::new();
            let addr = start(&state).await[server];
            for (then, count) in ["", LAST].into_iter().zip(1..) {
                let mut stream = send(addr, &(handshake(path) + then)).await;
                stream.shutdown().await.unwrap();
                let heard = all(&mut stream).await;
                let is_as_expected = match server {
                    0 => heard.starts_with("HTTP/1.1 403 ") && !heard.contains("secret"),
                    _ => heard.is_empty(),
                };
                assert!(is_as_expected, "{path}: {heard}");
                let refused = || rejected(&state) == [("application", count)];
                until("the request is refused", refused).await;
                has_refused(&state, count);
            }
            is_granted(addr, "/").await;
        }
    }
}

/// Without its headers nothing shows what has become of a response.
#[tokio::test]
async fn by_a_layer_that_keeps_the_headers() {
    let state = AppState::new();
    let [reporting, others @ ..] = start(&state).await;
    for (addr, count) in others.into_iter().zip(1..) {
        let heard = all(&mut ask(addr, "/kept").await).await;
        assert!(heard.starts_with("HTTP/1.1 101 ") && !heard.contains("secret"));
        has_refused(&state, count);
    }
    is_granted(reporting, "/kept").await;
}

/// hyper hands out the connection after the response, whatever that is.
#[tokio::test]
async fn by_a_client_that_wants_to_close() {
    let state = AppState::new();
    for addr in start(&state).await {
        let closing = handshake("/").replace("Connection: Upgrade", "Connection: Upgrade, Close");
        let heard = all(&mut send(addr, &closing).await).await;
        assert!(heard.starts_with("HTTP/1.1 400 ") && heard.ends_with("must not contain close"));
    }
    assert_eq!(rejected(&state), [("handshake", 3)]);
}

#[tokio::test]
async fn by_a_panic() {
    let state = AppState::new();
    for (addr, count) in start(&state).await.into_iter().zip(1..) {
        let mut stream = ask(addr, "/fallen").await;
        assert_eq!(all(&mut stream).await, "");
        has_refused(&state, count);
        assert_eq!(state.metrics().snapshot().endpoints[0].panics, count);
    }
}

#[tokio::test]
async fn by_a_panic_that_is_caught() {
    let state = AppState::new();
    for (addr, count) in start(&state).await.into_iter().zip(1..) {
        let mut stream = send(addr, &(handshake("/caught") + LAST)).await;
        assert!(all(&mut stream).await.starts_with("HTTP/1.1 500 "));
        has_refused(&state, count);
        assert_eq!(state.metrics().snapshot().endpoints[0].panics, count);
    }
}

#[tokio::test]
async fn by_a_layer_around_another_body() {
    is_refused("/refused-by-the-second-layer").await;
}

#[tokio::test]
async fn by_a_page() {
    let state = AppState::new();
    for (addr, count) in start(&state).await.into_iter().zip(1..) {
        let heard = all(&mut send(addr, &(handshake("/page") + LAST)).await).await;
        assert!(heard.starts_with("HTTP/1.1 200 ") && heard.contains("a page"));
        assert!(!heard.contains("secret"));
        has_refused(&state, count);
    }
}

#[tokio::test]
async fn over_http2() {
    let state = AppState::new();
    // axum-server leaves the extended CONNECT of HTTP/2 off.
    for (addr, count) in start(&state).await.into_iter().take(2).zip(1..) {
        let mut requests = http2::connect(addr).await;
        let (answer, _) = http2::open_at(&mut requests, "/refused", "here", "http://here").await;
        assert_eq!(answer.status(), 403);
        has_refused(&state, count);
    }
}
