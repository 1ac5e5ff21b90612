//! A replica that leaves.

use super::{HOUR, LARGE, MOMENT, PATIENT, Server, answer, echoes, handshake, read, request, rest};
use crate::serve::{Limits, signals::Signal};
use std::{io, time::Duration};
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    time::{Instant, sleep},
};

const LINGERING: Limits = Limits {
    linger: HOUR,
    ..PATIENT
};

/// A server that has had SIGTERM.
async fn terminated(limits: Limits) -> Server {
    let server = Server::start(limits).await;
    server.signals.send(Signal::Terminate).await.unwrap();
    while is_ready(&server).await {}
    server
}

async fn is_ready(server: &Server) -> bool {
    let mut stream = server.request("/ready").await;
    answer(&mut stream).await.starts_with("HTTP/1.1 200 ")
}

/// The session has ended its loop, and closed its socket.
async fn is_closed(mut stream: TcpStream) {
    let close = [&[0x88, 2][..], &1000_u16.to_be_bytes()].concat();
    assert_eq!(read(&mut stream, 4).await, close);
}

#[tokio::test]
async fn everything_works_while_it_lingers() {
    let server = terminated(LINGERING).await;
    let mut socket = server.socket().await;
    echoes(&mut socket).await;
    let mut request = server.request("/quick").await;
    let head = answer(&mut request).await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    assert!(!server.shutdown.has_begun());
}

#[tokio::test]
async fn responses_end_their_connection_while_it_lingers() {
    let server = Server::start(LINGERING).await;
    let mut kept = server.kept_alive().await;
    server.signals.send(Signal::Terminate).await.unwrap();
    while is_ready(&server).await {}
    kept.write_all(request("/quick", "").as_bytes())
        .await
        .unwrap();
    let head = answer(&mut kept).await;
    assert!(head.contains("\r\nconnection: close\r\n"), "{head}");
    assert_eq!(rest(&mut kept).await, b"done");
}

#[tokio::test]
async fn then_connections_are_refused_and_sessions_end() {
    let server = Server::start(Limits {
        linger: MOMENT,
        ..PATIENT
    })
    .await;
    let socket = server.socket().await;
    let start = Instant::now();
    server.signals.send(Signal::Terminate).await.unwrap();
    server.stops_listening().await;
    assert!(start.elapsed() >= MOMENT);
    is_closed(socket).await;
    server.ends().await.unwrap();
}

/// A load balancer may have connected just before the port was closed.
#[tokio::test]
async fn a_connection_that_was_accepted_last_still_gets_its_socket() {
    let server = Server::start(PATIENT).await;
    let mut early = server.say("").await;
    let mut half = server.say("GET /qui").await;
    server.signals.send(Signal::Terminate).await.unwrap();
    server.stops_listening().await;
    half.write_all(b"ck HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    assert!(rest(&mut half).await.ends_with(b"done"));
    assert!(!server.shutdown.has_begun());
    early.write_all(handshake().as_bytes()).await.unwrap();
    assert!(answer(&mut early).await.starts_with("HTTP/1.1 101 "));
    is_closed(early).await;
    server.ends().await.unwrap();
}

#[tokio::test]
async fn a_further_request_whose_head_has_begun_is_answered() {
    let server = Server::start(PATIENT).await;
    let mut half = server.kept_alive().await;
    let mut idle = server.kept_alive().await;
    half.write_all(b"GET /qui").await.unwrap();
    sleep(MOMENT).await;
    server.signals.send(Signal::Terminate).await.unwrap();
    assert!(rest(&mut idle).await.is_empty());
    half.write_all(b"ck HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    assert!(rest(&mut half).await.ends_with(b"done"));
    server.ends().await.unwrap();
}

#[tokio::test]
async fn a_head_that_is_not_complete_in_time_does_not_hold_it() {
    let server = Server::start(Limits {
        settle: MOMENT,
        ..PATIENT
    })
    .await;
    let mut silent = server.say("").await;
    let mut first = server.say("G").await;
    let mut further = server.kept_alive().await;
    further.write_all(b"G").await.unwrap();
    sleep(MOMENT).await;
    server.signals.send(Signal::Terminate).await.unwrap();
    for stream in [&mut silent, &mut first, &mut further] {
        assert!(rest(stream).await.is_empty());
    }
    server.ends().await.unwrap();
}

#[tokio::test]
async fn a_head_that_has_begun_does_not_cut_the_response_before_it() {
    let server = Server::start(Limits {
        settle: MOMENT,
        ..PATIENT
    })
    .await;
    let mut stream = server.request("/large").await;
    assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200 "));
    stream.write_all(b"G").await.unwrap();
    sleep(MOMENT).await;
    server.signals.send(Signal::Terminate).await.unwrap();
    sleep(4 * MOMENT).await;
    assert_eq!(rest(&mut stream).await.len(), LARGE);
    server.ends().await.unwrap();
}

/// Only SIGTERM leaves time for heads.
#[tokio::test]
async fn a_head_that_is_not_complete_does_not_hold_ctrl_c() {
    let server = Server::start(PATIENT).await;
    let mut first = server.say("G").await;
    sleep(MOMENT).await;
    server.signals.send(Signal::Interrupt).await.unwrap();
    assert!(rest(&mut first).await.is_empty());
    server.ends().await.unwrap();
}

#[tokio::test]
async fn ctrl_c_and_the_application_do_not_linger() {
    let server = Server::start(LINGERING).await;
    server.signals.send(Signal::Interrupt).await.unwrap();
    server.ends().await.unwrap();
    let server = Server::start(LINGERING).await;
    server.shutdown.begin();
    server.ends().await.unwrap();
    let server = terminated(LINGERING).await;
    server.shutdown.begin();
    server.ends().await.unwrap();
}

#[tokio::test]
async fn a_second_signal_while_it_lingers_ends_at_once() {
    let server = terminated(LINGERING).await;
    server.signals.send(Signal::Terminate).await.unwrap();
    let error = server.ends().await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::Interrupted);
}

/// One for clients and one for metrics get the same signal.
#[tokio::test(start_paused = true)]
async fn servers_of_one_application_linger_equally() {
    let shutdown = crate::AppState::new().shutdown();
    shutdown.will_linger(HOUR);
    let start = Instant::now();
    shutdown.linger(Duration::ZERO).await;
    assert_eq!(start.elapsed().as_secs(), 3600);
    // It counts from the first call.
    shutdown.linger(HOUR + MOMENT).await;
    assert_eq!(start.elapsed().as_secs(), 3600);
    assert!(!shutdown.has_begun());
}
