//! What a refusal that a web page sees consists of.

use crate::{
    app::{echo, in_time},
    http2,
    raw::{CLOSE, HANDSHAKE},
};
use autumn_ws_core::{AppState, Endpoint, Rejection, Upgrade, close_refused, testing::TestServer};
use axum::{
    Router,
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{from_fn, map_response},
    response::{IntoResponse, Response, Result},
    routing::any,
};
use futures_util::{SinkExt, StreamExt};
use std::net::SocketAddr;
use tokio::{io::AsyncReadExt, io::AsyncWriteExt, net::TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest, handshake::client},
};

struct Door;

impl Endpoint for Door {
    const NAME: &'static str = "door";
    const CONNECTIONS: Option<usize> = Some(1);
}

/// Refuses as its path says.
async fn door(upgrade: Upgrade<Door>, Path(kind): Path<String>) -> Result<Response> {
    let headers = [
        (header::SET_COOKIE, "session=gone"),
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
    ];
    match kind.as_str() {
        "open" => return Ok(upgrade.on_upgrade(echo).await),
        "private" => Err(Rejection::forbidden("this room is private"))?,
        "busy" => Err(Rejection::too_many_requests("slowly"))?,
        "json" => Err((
            StatusCode::NOT_FOUND,
            [(header::CONTENT_TYPE, "application/json")],
            "{}",
        ))?,
        "cookie" => Err((StatusCode::UNAUTHORIZED, headers, "é".repeat(100)))?,
        "endless" => {
            let body = Body::from_stream(futures_util::stream::pending::<Result<String, Error>>());
            Err((StatusCode::BAD_GATEWAY, headers, body))?;
        }
        "elsewhere" => Err((StatusCode::SEE_OTHER, [(header::LOCATION, "/")]))?,
        _ => Err(StatusCode::NO_CONTENT)?,
    }
    Ok(().into_response())
}

fn start(state: &AppState) -> TestServer {
    let door = any(door).layer(from_fn(close_refused));
    let late = async |response: Response| {
        (
            StatusCode::PAYMENT_REQUIRED,
            response.into_parts().0.headers,
        )
            .into_response()
    };
    let app = Router::new()
        .route("/{kind}", door.clone())
        .nest("/layered", {
            let inner = Router::new().route("/{kind}", door);
            inner.layer(map_response(late))
        })
        .with_state(state.clone());
    TestServer::start(app, state.shutdown())
}

type Opened = (WebSocketStream<TcpStream>, client::Response);

async fn open(
    addr: SocketAddr,
    path: &str,
    origin: Option<&str>,
) -> std::result::Result<Opened, Error> {
    let stream = TcpStream::connect(addr).await.unwrap();
    let mut request = format!("ws://{addr}{path}").into_client_request().unwrap();
    if let Some(origin) = origin {
        let origin = HeaderValue::from_str(origin).unwrap();
        request.headers_mut().insert(header::ORIGIN, origin);
    }
    in_time(client_async(request, stream)).await
}

/// A page of the server's own asks for a socket, and reads how it is closed.
async fn page(server: &TestServer, path: &str) -> (u16, String, HeaderMap) {
    let origin = format!("http://{}", server.addr());
    let opened = open(server.addr(), path, Some(&origin)).await;
    let (mut socket, response) = opened.unwrap();
    let Some(Ok(Message::Close(Some(frame)))) = in_time(socket.next()).await else {
        panic!("no close frame");
    };
    assert!(in_time(socket.next()).await.is_none());
    let headers = response.headers().clone();
    (frame.code.into(), frame.reason.to_string(), headers)
}

/// The status that a request gets instead of a socket.
async fn status(addr: SocketAddr, path: &str, origin: Option<&str>) -> u16 {
    match open(addr, path, origin).await {
        Err(Error::Http(response)) => response.status().as_u16(),
        other => panic!("expected a status, got {other:?}"),
    }
}

#[tokio::test]
async fn a_page_reads_the_status_and_the_reason_of_its_refusal() {
    let state = AppState::new();
    let server = start(&state);
    let long = "é".repeat(61);
    for (path, code, reason) in [
        ("/private", 4403, "this room is private"),
        ("/busy", 4429, "slowly"),
        ("/json", 4404, "Not Found"),
        ("/cookie", 4401, &*long),
        ("/endless", 4502, "Bad Gateway"),
    ] {
        let (closed, said, headers) = page(&server, path).await;
        assert_eq!((closed, &*said), (code, reason), "{path}");
        let cookie = headers.get(header::SET_COOKIE);
        let has_cookie = matches!(path, "/cookie" | "/endless");
        assert_eq!(cookie.is_some(), has_cookie, "{path}");
    }
    let text = state.metrics().prometheus();
    let line = r#"autumn_ws_sessions_rejected_total{endpoint="door",reason="application"} 5"#;
    assert!(text.contains(line), "{text}");
    for never in [
        "opened_total{endpoint=\"door\"} 0",
        "open{endpoint=\"door\"} 0",
    ] {
        assert!(
            text.contains(&format!("autumn_ws_sessions_{never}")),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_refused_page_takes_no_place_and_learns_that_all_are_taken() {
    let state = AppState::new();
    let server = start(&state);
    let origin = format!("http://{}", server.addr());
    assert_eq!(page(&server, "/private").await.0, 4403);
    let (mut inside, _) = open(server.addr(), "/open", Some(&origin)).await.unwrap();
    for _ in 0..3 {
        let (code, reason, _) = page(&server, "/open").await;
        let expected = "too many connections, try again in a moment";
        assert_eq!((code, &*reason), (4503, expected));
    }
    inside.send("still here".into()).await.unwrap();
    let echoed = in_time(inside.next()).await.unwrap().unwrap();
    assert_eq!(echoed.to_text().unwrap(), "still here");
}

#[tokio::test]
async fn other_refusals_keep_their_status() {
    let state = AppState::new();
    let server = start(&state);
    let addr = server.addr();
    let own = format!("http://{addr}");
    // No page.
    assert_eq!(status(addr, "/private", None).await, 403);
    assert_eq!(status(addr, "/busy", None).await, 429);
    // Not an error.
    assert_eq!(status(addr, "/elsewhere", Some(&own)).await, 303);
    assert_eq!(status(addr, "/nothing", Some(&own)).await, 204);
    // A foreign page.
    assert_eq!(
        status(addr, "/private", Some("https://evil.example")).await,
        403
    );
    // A layer outside, which changes the response that grants the socket, too.
    assert_eq!(status(addr, "/layered/private", Some(&own)).await, 402);
    // Not a handshake.
    let bad = HANDSHAKE
        .replace("GET / ", "GET /private ")
        .replace("Version: 13", &format!("Version: 8\r\nOrigin: {own}"));
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(bad.as_bytes()).await.unwrap();
    let mut head = [0; 12];
    in_time(stream.read_exact(&mut head)).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 426");
}

#[tokio::test]
async fn a_429_says_when_to_try_again() {
    let server = start(&AppState::new());
    let Err(Error::Http(response)) = open(server.addr(), "/busy", None).await else {
        panic!("a socket opened");
    };
    assert_eq!(response.headers()[header::RETRY_AFTER], "1");
}

#[tokio::test]
async fn pages_are_refused_like_this_over_http2_as_well() {
    let server = start(&AppState::new());
    let mut requests = http2::connect(server.addr()).await;
    for _ in 0..2 {
        let (response, _stream) =
            http2::open_at(&mut requests, "/private", "here", "http://here").await;
        assert_eq!(response.status(), 200);
        let mut body = response.into_body();
        let frame = http2::read(&mut body, &mut Vec::new()).await.unwrap();
        assert_eq!(frame.0, CLOSE);
        assert_eq!(frame.1[..2], 4403_u16.to_be_bytes());
    }
}
