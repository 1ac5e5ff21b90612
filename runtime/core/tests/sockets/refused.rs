//! Refusals that a web page sees as close codes.

use crate::{
    app::{echo, in_time},
    raw::{CLOSE, HANDSHAKE, take_frame},
};
use autumn_ws_core::{AppState, Endpoint, Rejection, Upgrade, close_refused, testing::TestServer};
use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    middleware::from_fn,
    response::{Response, Result},
    routing::any,
};
use std::{
    future::IntoFuture,
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::sleep,
};

struct Chat;

impl Endpoint for Chat {
    const NAME: &'static str = "chat";
    const CONNECTIONS: Option<usize> = Some(1);
}

/// An extractor that wants a number, and code that lets in 0.
async fn chat(upgrade: Upgrade<Chat>, Path(status): Path<u16>) -> Result<Response> {
    match status {
        0 => Ok(upgrade.on_upgrade(echo).await),
        401 => Err(Rejection::unauthorized("sign in first").into()),
        status => Err(StatusCode::from_u16(status).unwrap().into()),
    }
}

fn app(state: &AppState) -> Router {
    Router::new()
        .route("/{status}", any(chat).layer(from_fn(close_refused)))
        .with_state(state.clone())
}

fn start(state: &AppState) -> TestServer {
    TestServer::start(app(state), state.shutdown())
}

/// The request of a page, or of a program.
fn request(server: SocketAddr, path: &str, origin: &str) -> String {
    let origin = origin.replace("SELF", &format!("http://{server}"));
    HANDSHAKE
        .replace("GET / ", &format!("GET {path} "))
        .replace(
            "Host: localhost\r\n",
            &format!("Host: {server}\r\n{origin}"),
        )
}

const PAGE: &str = "Origin: SELF\r\n";

/// The status of the response, and the close frame if it is a socket.
async fn answer(server: SocketAddr, path: &str, origin: &str) -> (u16, Option<(u16, String)>) {
    let (status, mut stream, mut bytes) = ask(server, path, origin).await;
    if status != 101 {
        return (status, None);
    }
    in_time(stream.read_to_end(&mut bytes)).await.unwrap();
    let (first, payload) = take_frame(&mut bytes).unwrap();
    assert_eq!((first, bytes.len()), (CLOSE, 0));
    let (code, reason) = payload.split_at(2);
    let code = u16::from_be_bytes(code.try_into().unwrap());
    (
        status,
        Some((code, String::from_utf8(reason.to_vec()).unwrap())),
    )
}

async fn ask(server: SocketAddr, path: &str, origin: &str) -> (u16, TcpStream, Vec<u8>) {
    let mut stream = TcpStream::connect(server).await.unwrap();
    let request = request(server, path, origin);
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(in_time(stream.read_u8()).await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, stream, Vec::new())
}

fn counts(state: &AppState) -> (u64, u64, u64) {
    let endpoint = &state.metrics().snapshot().endpoints[0];
    let rejected = endpoint.rejected.iter().map(|of| of.count).sum();
    let closed = endpoint.closed.iter().map(|of| of.count).sum();
    (rejected, endpoint.opened, closed)
}

#[tokio::test]
async fn a_page_sees_why_it_is_refused() {
    let state = AppState::new();
    let server = start(&state);
    let closed = |code, reason: &str| (101, Some((code, reason.to_owned())));
    let unauthorized = answer(server.addr(), "/401", PAGE).await;
    assert_eq!(unauthorized, closed(4401, "sign in first"));
    let not_found = answer(server.addr(), "/404", PAGE).await;
    assert_eq!(not_found, closed(4404, "Not Found"));
    assert_eq!(answer(server.addr(), "/599", PAGE).await, closed(4599, ""));
    let (status, frame) = answer(server.addr(), "/word", PAGE).await;
    let (code, reason) = frame.unwrap();
    assert_eq!((status, code), (101, 4400));
    assert!(reason.contains("word") && reason.len() <= 123, "{reason}");
    assert_eq!(counts(&state), (4, 0, 0));
    // Each counts once, and takes no place.
    let _client = server.connect("/0").await;
    let (status, frame) = answer(server.addr(), "/0", PAGE).await;
    assert_eq!((status, frame.unwrap().0), (101, 4503));
    assert_eq!(counts(&state), (5, 1, 0));
}

#[tokio::test]
async fn others_get_the_status() {
    let state = AppState::new();
    let server = start(&state);
    assert_eq!(answer(server.addr(), "/401", "").await, (401, None));
    assert_eq!(answer(server.addr(), "/302", PAGE).await, (302, None));
    let foreign = "Origin: https://evil.example\r\n";
    assert_eq!(answer(server.addr(), "/401", foreign).await, (403, None));
    let no_handshake = "Origin: SELF\r\nSec-WebSocket-Version: 12\r\n";
    assert_eq!(
        answer(server.addr(), "/401", no_handshake).await,
        (400, None)
    );
    let page = format!("http://{}", server.addr());
    let mut client = server.request("/0").origin(&page).connect().await.unwrap();
    client.send("hello").await;
    assert_eq!(client.text().await, "hello");
}

/// A server that keeps accepting while it shuts down.
#[tokio::test]
async fn during_a_shutdown_pages_get_the_status() {
    let state = AppState::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, app(&state)).into_future());
    assert_eq!(answer(addr, "/401", PAGE).await.0, 101);
    state.shutdown().begin();
    assert_eq!(answer(addr, "/401", PAGE).await, (503, None));
}

#[tokio::test]
async fn a_client_that_does_not_close_is_dropped_after_a_second() {
    let state = AppState::new();
    let server = start(&state);
    let begin = Instant::now();
    let (status, mut stream, mut bytes) = ask(server.addr(), "/401", PAGE).await;
    assert_eq!(status, 101);
    in_time(stream.read_to_end(&mut bytes)).await.unwrap();
    // The server has shut down its side. When it drops the rest, writing fails.
    while stream.write_all(b"late").await.is_ok() {
        sleep(Duration::from_millis(20)).await;
    }
    let lasted = begin.elapsed();
    assert!(lasted > Duration::from_millis(900), "{lasted:?}");
    assert!(lasted < Duration::from_secs(5), "{lasted:?}");
}
