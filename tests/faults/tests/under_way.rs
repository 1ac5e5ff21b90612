//! Requests that are under way when the process is asked to end.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::Server;
use test_kit::{connect, soon};

const BODY: &str = "what the client still has to say";

#[tokio::test]
async fn a_half_sent_request_is_answered_by_serve() {
    ends_in_order(Server::start().await).await;
}

#[tokio::test]
async fn a_half_sent_request_is_answered_by_axum_serve() {
    ends_in_order(Server::start_by_hand().await).await;
}

/// Half of a request is there when SIGTERM comes, and the rest after every socket has its goodbye.
async fn ends_in_order(server: Server) {
    let mut echo = server.open("/shutdown/echo").await;
    let mut relay = server.open("/shutdown/relay").await;
    let mut request = connect(server.addr).await;
    let (first, rest) = BODY.split_at(BODY.len() / 2);
    begin(&mut request, first).await;
    server.logged(&["a request is under way"]).await;

    server.terminate();
    echo.is_left((4001, "no more echo")).await;
    relay.is_left((1012, "the feed restarts")).await;

    request.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let answered = request.read_to_string(&mut answer);
    soon("the answer", answered).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.ends_with(BODY), "{answer}");
    assert_eq!(server.ended().await.0.code(), Some(0));
}

/// Sends the head of a request, and the first part of its body.
async fn begin(stream: &mut TcpStream, part: &str) {
    let size = BODY.len();
    let head =
        format!("POST /control/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(part.as_bytes()).await.unwrap();
}
