//! What the responses to invalid requests say.

use crate::{
    app::{Plain, bind, echo, in_time, router, start},
    http2,
    raw::{HANDSHAKE, RawClient, TEXT, frame},
};
use autumn_ws_core::{AppState, Upgrade, share_paths, testing::TestServer};
use axum::{
    Router,
    http::{Method, Request},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A whole response, in lower case.
async fn answer(addr: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut response = String::new();
    in_time(stream.read_to_string(&mut response)).await.unwrap();
    response.to_ascii_lowercase()
}

async fn says(addr: SocketAddr, request: &str, expected: &[&str]) {
    let answer = answer(addr, request).await;
    for part in expected {
        assert!(answer.contains(part), "{request}{answer}");
    }
}

#[tokio::test]
async fn a_426_says_what_the_server_upgrades_to() {
    let server = start::<Plain, _, _>(&AppState::new(), echo);
    let upgrade = [
        "http/1.1 426 ",
        "\r\nupgrade: websocket\r\n",
        "\r\nconnection: upgrade",
    ];
    let old = HANDSHAKE.replace("Version: 13", "Version: 8");
    says(server.addr(), &old, &upgrade).await;
    says(server.addr(), &old, &["\r\nsec-websocket-version: 13\r\n"]).await;
}

#[tokio::test]
async fn a_426_over_http_1_0_says_what_the_proxy_lacks() {
    let server = start::<Plain, _, _>(&AppState::new(), echo);
    let needed = [
        " 426 ",
        "\r\nupgrade: websocket\r\n",
        "proxy_http_version 1.1;",
        "proxy_set_header upgrade $http_upgrade;",
        "proxy_set_header connection \"upgrade\";",
    ];
    let old = HANDSHAKE.replace("HTTP/1.1", "HTTP/1.0");
    says(server.addr(), &old, &needed).await;
    // As nginx forwards it by default.
    let bare = old
        .replace("Connection: Upgrade\r\n", "Connection: close\r\n")
        .replace("Upgrade: websocket\r\n", "");
    says(server.addr(), &bare, &needed).await;
}

#[tokio::test]
async fn a_400_says_which_header_a_proxy_has_dropped() {
    let server = start::<Plain, _, _>(&AppState::new(), echo);
    let dropped = HANDSHAKE.replace("Upgrade: websocket\r\n", "");
    let expected = ["http/1.1 400 ", "the header upgrade", "a proxy"];
    says(server.addr(), &dropped, &expected).await;
    let dropped = HANDSHAKE.replace("Connection: Upgrade\r\n", "");
    let expected = ["http/1.1 400 ", "the header connection", "a proxy"];
    says(server.addr(), &dropped, &expected).await;
}

#[tokio::test]
async fn a_request_for_a_page_hears_of_the_socket_and_of_no_proxy() {
    let server = start::<Plain, _, _>(&AppState::new(), echo);
    let page = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let answer = answer(server.addr(), page).await;
    assert!(answer.starts_with("http/1.1 400 "), "{answer}");
    assert!(answer.contains("this is a websocket endpoint"), "{answer}");
    assert!(!answer.contains("proxy"), "{answer}");
}

#[tokio::test]
async fn a_405_says_which_method_is_allowed() {
    let state = AppState::new();
    let upgrade = async |upgrade: Upgrade<Plain>| upgrade.on_upgrade(echo).await;
    let routes = Router::new()
        .route("/", any(upgrade))
        .route("/generated", get(upgrade).fallback(upgrade))
        .with_state(state.clone());
    let server = TestServer::start(routes, state.shutdown());
    for path in ["/", "/generated"] {
        for method in ["HEAD", "POST", "OPTIONS", "CHAT"] {
            let request = HANDSHAKE.replace("GET / ", &format!("{method} {path} "));
            says(
                server.addr(),
                &request,
                &["http/1.1 405 ", "\r\nallow: get\r\n"],
            )
            .await;
        }
        let mut requests = http2::connect(server.addr()).await;
        let request = Request::builder()
            .method(Method::GET)
            .uri(format!("http://here{path}"))
            .body(())
            .unwrap();
        let (response, _) = requests.send_request(request, true).unwrap();
        let response = response.await.unwrap();
        assert_eq!(response.status(), 405);
        assert_eq!(response.headers()["allow"], "CONNECT");
    }
}

/// Opens a socket and hears its echo.
async fn echoes(addr: SocketAddr, path: &str) {
    let stream = TcpStream::connect(addr).await.unwrap();
    let mut client = RawClient::over_at(stream, path).await;
    client.write(&frame(TEXT, b"hello")).await;
    assert_eq!(client.frame().await, Some((TEXT, b"hello".into())));
}

const PLAIN: &str = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn a_page_and_a_socket_share_a_path() {
    let state = AppState::new();
    let pages = Router::new()
        .route("/", get(async || "a page").post(async || "a form"))
        .route("/own", any(async || "another page"))
        .fallback(async || "not found here");
    let sockets = router::<Plain, _, _>(&state, echo);
    let sockets = Router::new().nest("/more", sockets.clone()).merge(sockets);
    let server = TestServer::start(share_paths(sockets, pages), state.shutdown());
    let addr = server.addr();
    echoes(addr, "/").await;
    echoes(addr, "/more").await;
    let post = PLAIN.replace("GET", "POST");
    let head = PLAIN.replace("GET", "HEAD");
    let other = PLAIN.replace("GET / ", "GET /more ");
    let own = HANDSHAKE.replace("GET / ", "GET /own ");
    says(addr, PLAIN, &["http/1.1 200 ", "a page"]).await;
    says(addr, &post, &["http/1.1 200 ", "a form"]).await;
    says(addr, &head, &["http/1.1 200 "]).await;
    says(addr, &other, &["http/1.1 200 ", "not found here"]).await;
    says(addr, &own, &["http/1.1 200 ", "another page"]).await;
    // Not the page: this is a handshake.
    let old = HANDSHAKE.replace("Version: 13", "Version: 8");
    says(addr, &old, &["http/1.1 426 "]).await;
    let mut requests = http2::connect(addr).await;
    let (response, _stream) = http2::open_at(&mut requests, "/", "here", "http://here").await;
    assert_eq!(response.status(), 200);
    let endpoint = &state.metrics().snapshot().endpoints[0];
    assert_eq!(endpoint.opened, 3);
}

/// Answers plain requests by itself.
async fn page_or_socket(upgrade: Option<Upgrade<Plain>>) -> Response {
    match upgrade {
        Some(upgrade) => upgrade.on_upgrade(echo).await,
        None => "a page".into_response(),
    }
}

#[tokio::test]
async fn a_handler_answers_with_a_page_or_a_socket() {
    let state = AppState::new();
    let app = Router::new()
        .route("/", any(page_or_socket))
        .with_state(state.clone());
    let (listener, addr) = bind().await;
    tokio::spawn(axum::serve(listener, app).into_future());
    echoes(addr, "/").await;
    says(addr, PLAIN, &["http/1.1 200 ", "a page"]).await;
    let foreign = HANDSHAKE.replace("\r\n\r\n", "\r\nOrigin: http://evil.example\r\n\r\n");
    says(addr, &foreign, &["http/1.1 403 "]).await;
    let rejected = &state.metrics().snapshot().endpoints[0].rejected;
    let counts: Vec<_> = rejected.iter().map(|rejected| rejected.count).collect();
    assert_eq!(counts.iter().sum::<u64>(), 1);
}
