//! WebSockets over HTTP/2 (RFC 8441).

use crate::{
    app::{Plain, start_reporting},
    raw::{CLOSE, PING, TEXT, frame, take_frame},
};
use autumn_ws_core::{AppState, Endpoint};
use axum::{
    body::Bytes,
    http::{Method, Request, Response},
};
use h2::{
    RecvStream, SendStream,
    client::{self, SendRequest},
    ext::Protocol,
};
use std::{net::SocketAddr, time::Duration};
use tokio::net::TcpStream;

pub async fn connect(addr: SocketAddr) -> SendRequest<Bytes> {
    let stream = TcpStream::connect(addr).await.unwrap();
    let (requests, connection) = client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    let mut requests = requests.ready().await.unwrap();
    // The server must announce extended CONNECT.
    while !requests.is_extended_connect_protocol_enabled() {
        tokio::task::yield_now().await;
        requests = requests.ready().await.unwrap();
    }
    requests
}

async fn open(
    requests: &mut SendRequest<Bytes>,
    host: &str,
    origin: &str,
) -> (Response<RecvStream>, SendStream<Bytes>) {
    open_at(requests, "/", host, origin).await
}

/// Asks for a socket at a path.
pub async fn open_at(
    requests: &mut SendRequest<Bytes>,
    path: &str,
    host: &str,
    origin: &str,
) -> (Response<RecvStream>, SendStream<Bytes>) {
    let request = Request::builder()
        .method(Method::CONNECT)
        .uri(format!("http://{host}{path}"))
        .extension(Protocol::from_static("websocket"))
        .header("sec-websocket-version", "13")
        .header("origin", origin)
        .body(())
        .unwrap();
    let (response, stream) = requests.send_request(request, false).unwrap();
    (response.await.unwrap(), stream)
}

/// Reads the next frame. `None` if the stream has ended.
pub async fn read(body: &mut RecvStream, bytes: &mut Vec<u8>) -> Option<(u8, Vec<u8>)> {
    loop {
        if let Some(frame) = take_frame(bytes) {
            return Some(frame);
        }
        let data = body.data().await?.ok()?;
        body.flow_control().release_capacity(data.len()).unwrap();
        bytes.extend(data);
    }
}

#[tokio::test]
async fn several_sessions_on_one_connection() {
    let state = AppState::new();
    let (server, _ends) = start_reporting::<Plain>(&state);
    let mut requests = connect(server.addr()).await;
    let mut sessions = Vec::new();
    for _ in 0..3 {
        let (response, sender) = open(&mut requests, "chat.example", "http://chat.example").await;
        assert_eq!(response.status(), 200);
        sessions.push((response.into_body(), sender, Vec::new()));
    }
    for (n, (body, sender, bytes)) in sessions.iter_mut().enumerate() {
        let text = n.to_string().into_bytes();
        sender.send_data(frame(TEXT, &text).into(), false).unwrap();
        assert_eq!(read(body, bytes).await, Some((TEXT, text)));
    }
    let (body, sender, bytes) = &mut sessions[0];
    sender
        .send_data(frame(CLOSE, &[3, 232]).into(), false)
        .unwrap();
    assert_eq!(read(body, bytes).await, Some((CLOSE, vec![3, 232])));
    assert_eq!(read(body, bytes).await, None);
    state.shutdown().begin();
    for (body, sender, bytes) in &mut sessions[1..] {
        let (first, payload) = read(body, bytes).await.unwrap();
        assert_eq!((first, &payload[..2]), (CLOSE, &[3, 244][..]));
        sender
            .send_data(frame(CLOSE, &[3, 244]).into(), false)
            .unwrap();
    }
    drop(requests);
    server.shutdown().await;
}

#[tokio::test]
async fn a_foreign_page_is_refused() {
    let (server, _ends) = start_reporting::<Plain>(&AppState::new());
    let mut requests = connect(server.addr()).await;
    let (response, _) = open(&mut requests, "chat.example", "http://evil.example").await;
    assert_eq!(response.status(), 403);
}

/// Cuts a client that takes no bytes before it is pinged.
struct Hasty;

impl Endpoint for Hasty {
    const NAME: &'static str = "hasty";
    const HEARTBEAT: Option<Duration> = Some(Duration::from_secs(1));
    const SEND_TIMEOUT: Duration = Duration::from_millis(500);
}

#[tokio::test]
async fn a_client_that_took_a_burst_is_not_cut() {
    let (server, _ends) = start_reporting::<Hasty>(&AppState::new());
    let mut requests = connect(server.addr()).await;
    let (response, mut sender) = open(&mut requests, "chat.example", "http://chat.example").await;
    let (mut body, mut bytes) = (response.into_body(), Vec::new());
    let texts = [vec![b'x'; 5000], vec![b'y'; 5000]];
    let burst = texts.each_ref().map(|text| frame(TEXT, text)).concat();
    sender.send_data(burst.into(), false).unwrap();
    for text in texts {
        assert_eq!(read(&mut body, &mut bytes).await, Some((TEXT, text)));
    }
    assert_eq!(read(&mut body, &mut bytes).await, Some((PING, Vec::new())));
}
