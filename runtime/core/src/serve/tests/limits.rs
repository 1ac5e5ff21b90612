//! Idle connections.

use super::{MOMENT, PATIENCE, PATIENT, Server, answer, echoes, read, request, rest};
use crate::{
    Bytes,
    serve::{Limits, signals::Signal},
};
use axum::http::{Method, Request, Response};
use h2::{RecvStream, SendStream, client::SendRequest, ext::Protocol};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    runtime::Handle,
    task::yield_now,
    time::{sleep, timeout},
};

#[tokio::test]
async fn a_connection_without_a_first_request_is_closed() {
    let server = Server::start(Limits {
        header: MOMENT,
        ..PATIENT
    })
    .await;
    for said in ["", "PRI * HTTP", "GET /quick HTTP/1.1\r\nHost:"] {
        let mut client = server.say(said).await;
        assert!(rest(&mut client).await.is_empty(), "{said}");
    }
    let mut client = http2(&server).await;
    assert!(!rest(&mut client).await.is_empty());
}

#[tokio::test]
async fn a_connection_without_a_further_request_is_closed() {
    let server = Server::start(Limits {
        keep_alive: MOMENT,
        ..PATIENT
    })
    .await;
    let mut idle = server.kept_alive().await;
    assert!(rest(&mut idle).await.is_empty());
}

#[tokio::test]
async fn a_further_request_must_arrive_in_time_once_it_has_begun() {
    let server = Server::start(Limits {
        header: 10 * MOMENT,
        ..PATIENT
    })
    .await;
    let mut idle = server.kept_alive().await;
    let mut hesitant = server.kept_alive().await;
    for _ in 0..2 {
        // Each has its own time.
        sleep(8 * MOMENT).await;
        hesitant.write_all(b"GET /qui").await.unwrap();
        sleep(MOMENT).await;
        let rest = b"ck HTTP/1.1\r\nHost: localhost\r\n\r\n";
        hesitant.write_all(rest).await.unwrap();
        assert!(answer(&mut hesitant).await.starts_with("HTTP/1.1 200 "));
        assert_eq!(read(&mut hesitant, 4).await, b"done");
    }
    hesitant.write_all(b"GET /qui").await.unwrap();
    assert!(rest(&mut hesitant).await.is_empty());
    // A connection that has not begun one is kept.
    idle.write_all(request("/quick", "").as_bytes())
        .await
        .unwrap();
    assert!(answer(&mut idle).await.starts_with("HTTP/1.1 200 "));
}

/// What a client sends ahead during a request, or with its body, begins no time.
#[tokio::test]
async fn a_long_request_is_not_mistaken_for_a_slow_head() {
    let mut server = Server::start(Limits {
        header: MOMENT,
        ..PATIENT
    })
    .await;
    let mut slow = server.slow_request().await;
    slow.write_all(b"GET /qui").await.unwrap();
    sleep(3 * MOMENT).await;
    server.go.notify_one();
    assert!(answer(&mut slow).await.starts_with("HTTP/1.1 200 "));
    assert_eq!(read(&mut slow, 4).await, b"done");
    let rest = b"ck HTTP/1.1\r\nHost: localhost\r\n\r\n";
    slow.write_all(rest).await.unwrap();
    assert!(answer(&mut slow).await.starts_with("HTTP/1.1 200 "));
}

/// An interval that no clock can represent.
#[tokio::test]
async fn limits_may_be_endless() {
    let server = Server::start(Limits {
        header: Duration::MAX,
        keep_alive: Duration::MAX,
        linger: Duration::MAX,
        ..PATIENT
    })
    .await;
    let mut kept = server.kept_alive().await;
    kept.write_all(request("/quick", "").as_bytes())
        .await
        .unwrap();
    assert!(answer(&mut kept).await.starts_with("HTTP/1.1 200 "));
    server.signals.send(Signal::Terminate).await.unwrap();
    let mut again = server.request("/quick").await;
    assert!(answer(&mut again).await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn requests_and_sockets_may_take_longer() {
    let mut server = Server::start(Limits {
        header: MOMENT,
        keep_alive: MOMENT,
        ..PATIENT
    })
    .await;
    let mut slow = server.slow_request().await;
    let mut socket = server.socket().await;
    // Those that came later are gone.
    rest(&mut server.say("").await).await;
    rest(&mut server.kept_alive().await).await;
    echoes(&mut socket).await;
    server.go.notify_one();
    assert!(answer(&mut slow).await.starts_with("HTTP/1.1 200 "));
    assert_eq!(read(&mut slow, 4).await, b"done");
}

/// A client that has vanished does not answer pings.
#[tokio::test]
async fn a_vanished_http2_client_is_closed() {
    let server = Server::start(Limits {
        ping: MOMENT,
        pong: MOMENT,
        ..PATIENT
    })
    .await;
    let mut client = http2(&server).await;
    ping(&mut client).await;
    rest(&mut client).await;
}

/// Its sockets and its connection are closed.
#[cfg(feature = "http2")]
#[tokio::test]
async fn the_sockets_of_a_vanished_http2_client_are_closed() {
    let server = Server::start(Limits {
        ping: MOMENT,
        // It answers while it opens the socket.
        pong: 10 * MOMENT,
        ..PATIENT
    })
    .await;
    let before = Handle::current().metrics().num_alive_tasks();
    let stream = TcpStream::connect(server.addr).await.unwrap();
    let (requests, mut connection) = h2::client::handshake(stream).await.unwrap();
    let open = open(requests, server.addr);
    // The connection does nothing more once the socket is open, but it stays.
    let (answer, _socket) = tokio::select! {
        opened = open => opened,
        ended = &mut connection => panic!("{ended:?}"),
    };
    assert_eq!(answer.status(), 200);
    assert!(Handle::current().metrics().num_alive_tasks() > before);
    let gone = async {
        while Handle::current().metrics().num_alive_tasks() > before {
            yield_now().await;
        }
    };
    timeout(PATIENCE, gone).await.expect("nothing is left");
}

/// Opens a socket.
#[cfg(feature = "http2")]
async fn open(
    mut requests: SendRequest<Bytes>,
    addr: SocketAddr,
) -> (Response<RecvStream>, SendStream<Bytes>) {
    // The server must announce extended CONNECT first.
    while !requests.is_extended_connect_protocol_enabled() {
        yield_now().await;
        requests = requests.ready().await.unwrap();
    }
    let request = Request::builder()
        .method(Method::CONNECT)
        .uri(format!("http://{addr}/echo"))
        .extension(Protocol::from_static("websocket"))
        .header("sec-websocket-version", "13")
        .body(())
        .unwrap();
    let (answer, socket) = requests.send_request(request, false).unwrap();
    (answer.await.unwrap(), socket)
}

#[tokio::test]
async fn an_http2_client_that_answers_pings_is_kept() {
    let server = Server::start(Limits {
        ping: MOMENT,
        ..PATIENT
    })
    .await;
    let mut client = http2(&server).await;
    for _ in 0..3 {
        let asked = ping(&mut client).await;
        let pong = [&[0, 0, 8, PING, 1, 0, 0, 0, 0], &asked[..]].concat();
        client.write_all(&pong).await.unwrap();
    }
}

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

const SETTINGS: u8 = 4;

/// A connection over HTTP/2 (RFC 9113, 3.4).
async fn http2(server: &Server) -> TcpStream {
    let settings = [0, 0, 0, SETTINGS, 0, 0, 0, 0, 0];
    server.say([PREFACE, &settings].concat()).await
}

const PING: u8 = 6;

/// The next ping's payload.
async fn ping(stream: &mut TcpStream) -> Vec<u8> {
    loop {
        // RFC 9113, 4.1: three bytes are the length.
        let head = read(stream, 9).await;
        let length = usize::from(head[1]) << 8 | usize::from(head[2]);
        let payload = read(stream, length).await;
        if head[3] == PING {
            return payload;
        }
    }
}
