//! Sockets over HTTP/2: extended CONNECT (RFC 8441).

use crate::app::App;
use axum::body::Bytes;
use h2::client::{self, SendRequest};
use h2::ext::Protocol;
use h2::{RecvStream, SendStream};
use test_kit::tungstenite::http::{Method, Request, StatusCode, request};
use test_kit::{Client, briefly};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf, duplex, split};
use tokio::net::TcpStream;

/// One HTTP/2 connection, for many sockets.
struct Connection {
    requests: SendRequest<Bytes>,
    authority: String,
}

impl Connection {
    async fn to(app: &App) -> Self {
        let stream = TcpStream::connect(app.addr).await.unwrap();
        let (requests, connection) = client::handshake(stream).await.unwrap();
        tokio::spawn(connection);
        Self {
            requests: briefly("extended CONNECT", extended(requests)).await,
            authority: app.addr.to_string(),
        }
    }

    fn request(&self, path: &str) -> request::Builder {
        Request::builder()
            .method(Method::CONNECT)
            .uri(format!("http://{}{path}", self.authority))
            .extension(Protocol::from_static("websocket"))
            .header("sec-websocket-version", "13")
    }

    /// Opens a socket, or returns the status of a refusal.
    async fn ask(&mut self, request: request::Builder) -> Result<Client, StatusCode> {
        let request = request.body(()).unwrap();
        let (answer, sender) = self.requests.send_request(request, false).unwrap();
        let answer = briefly("an answer", answer).await.unwrap();
        if answer.status() != StatusCode::OK {
            return Err(answer.status());
        }
        let (near, far) = duplex(64 * 1024);
        let (said, heard) = split(far);
        tokio::spawn(carry_out(said, sender));
        tokio::spawn(carry_in(answer.into_body(), heard));
        Ok(Client::over(near).await)
    }

    async fn open(&mut self, path: &str) -> Client {
        self.ask(self.request(path)).await.unwrap()
    }

    async fn refused(&mut self, request: request::Builder) -> u16 {
        match self.ask(request).await {
            Ok(_) => panic!("it opened"),
            Err(status) => status.as_u16(),
        }
    }
}

/// Waits until the server's settings allow extended CONNECT.
async fn extended(mut requests: SendRequest<Bytes>) -> SendRequest<Bytes> {
    while !requests.is_extended_connect_protocol_enabled() {
        tokio::task::yield_now().await;
        requests = requests.ready().await.unwrap();
    }
    requests
}

/// From the client into the stream.
async fn carry_out(mut said: ReadHalf<DuplexStream>, mut stream: SendStream<Bytes>) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(read @ 1..) = said.read(&mut buffer).await {
        let data = Bytes::copy_from_slice(&buffer[..read]);
        if stream.send_data(data, false).is_err() {
            return;
        }
    }
    // The server may have ended the stream already.
    let _ = stream.send_data(Bytes::new(), true);
}

/// From the stream to the client.
async fn carry_in(mut stream: RecvStream, mut heard: WriteHalf<DuplexStream>) {
    while let Some(Ok(data)) = stream.data().await {
        let _ = stream.flow_control().release_capacity(data.len());
        if heard.write_all(&data).await.is_err() {
            return;
        }
    }
    let _ = heard.shutdown().await;
}

#[tokio::test]
async fn many_sockets_share_one_connection() {
    let app = App::start().await;
    let mut connection = Connection::to(&app).await;
    let mut echo = connection.open("/fixed").await;
    let mut room = connection.open("/rooms/tea").await;
    let mut shelf = connection.open("/shelves/7/x").await;
    // A room is the same over HTTP/1.1.
    let mut neighbour = app.connect("/rooms/tea").await;
    assert_eq!(echo.ask("hello").await, "hello");
    assert_eq!(shelf.ask("?").await, "shelf 7, book x");
    assert_eq!(room.ask("milk").await, "milk");
    assert_eq!(neighbour.text().await, "milk");
    echo.close(1000, "").await;
    assert_eq!(neighbour.ask("sugar").await, "sugar");
    assert_eq!(room.text().await, "sugar");
}

#[tokio::test]
async fn refusals_are_the_same() {
    let app = App::start().await;
    let mut connection = Connection::to(&app).await;
    let evil = connection
        .request("/fixed")
        .header("origin", "http://evil.example");
    assert_eq!(connection.refused(evil).await, 403);
    let own = connection
        .request("/fixed")
        .header("origin", format!("http://{}", app.addr));
    let mut client = connection.ask(own).await.unwrap();
    assert_eq!(client.ask("hello").await, "hello");
    for (path, status) in [
        ("/shelves/x/x", 400),
        ("/search", 400),
        ("/account", 401),
        ("/doors/locked", 423),
        ("/nowhere", 404),
    ] {
        let request = connection.request(path);
        assert_eq!(connection.refused(request).await, status, "{path}");
    }
    let _only = connection.open("/single").await;
    let request = connection.request("/single");
    assert_eq!(connection.refused(request).await, 503);
}

#[tokio::test]
async fn extractors_see_the_request() {
    let app = App::start().await;
    let mut connection = Connection::to(&app).await;
    let request = connection
        .request("/inspect")
        .header("authorization", "ada");
    let mut client = connection.ask(request).await.unwrap();
    assert_eq!(client.ask("?").await, "ada en CONNECT HTTP/2.0");
}

#[tokio::test]
async fn a_subprotocol_is_negotiated() {
    let app = App::start().await;
    let mut connection = Connection::to(&app).await;
    let request = connection.request("/spoken");
    let request = request.header("sec-websocket-protocol", "support.v1, support.v2");
    let mut client = connection.ask(request).await.unwrap();
    assert_eq!(client.ask("?").await, r#"Some("support.v2")"#);
}

#[tokio::test]
async fn limits_and_goodbyes_hold() {
    let app = App::start().await;
    let mut connection = Connection::to(&app).await;
    let mut small = connection.open("/small").await;
    small.send("x".repeat(1025)).await;
    assert_eq!(small.closed().await.0, 1009);
    let mut text_only = connection.open("/text-only").await;
    text_only.send(vec![0]).await;
    assert_eq!(text_only.closed().await.0, 1003);
    let mut idle = connection.open("/idle").await;
    assert_eq!(idle.closed().await.0, 1001);
    let mut pinged = connection.open("/pinged").await;
    pinged.pinged().await;
    let mut saving = connection.open("/shutdown/saving").await;
    app.shut_down();
    assert_eq!(saving.text().await, "saving");
    assert_eq!(saving.text().await, "goodbye");
    assert_eq!(saving.closed().await, (1012, "saved".to_owned()));
}
