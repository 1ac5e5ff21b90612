//! The PROXY protocol.

use super::{MOMENT, PATIENCE, PATIENT, Server, answer, echoes, handshake, read, request};
use crate::serve::{Limits, Settings};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

const HEADER: &str = "PROXY TCP4 192.0.2.7 10.0.0.1 54321 80\r\n";

async fn start(proxies: &[&str]) -> Server {
    Server::start(behind(PATIENT, proxies)).await
}

fn behind(limits: Limits, proxies: &[&str]) -> Settings {
    let proxies = proxies.iter().map(|proxy| proxy.parse().unwrap());
    Settings {
        limits,
        proxies: Some(proxies.collect()),
    }
}

/// It is closed without an answer. What was not read of it makes that a reset.
async fn is_closed(mut stream: TcpStream) {
    let read = timeout(PATIENCE, stream.read(&mut [0; 1])).await;
    assert!(matches!(read.unwrap(), Ok(0) | Err(_)));
}

#[tokio::test]
async fn the_client_is_the_one_that_the_proxy_names() {
    let server = start(&["192.0.2.0/24", "127.0.0.0/8"]).await;
    let mut stream = server
        .say([HEADER, &request("/address", "")].concat())
        .await;
    assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200 "));
    assert_eq!(read(&mut stream, 15).await, b"192.0.2.7:54321");
    // Sockets open behind it, too.
    let mut stream = server.say([HEADER, &handshake()].concat()).await;
    assert!(answer(&mut stream).await.starts_with("HTTP/1.1 101 "));
    echoes(&mut stream).await;
}

#[tokio::test]
async fn a_header_may_arrive_in_parts() {
    let server = start(&["127.0.0.1"]).await;
    let mut stream = server.say("PROX").await;
    let (first, second) = HEADER.trim_start_matches("PROX").split_at(20);
    for part in [first, second, &request("/address", "")] {
        sleep(MOMENT).await;
        stream.write_all(part.as_bytes()).await.unwrap();
    }
    assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200 "));
    assert_eq!(read(&mut stream, 15).await, b"192.0.2.7:54321");
}

#[tokio::test]
async fn a_check_of_the_proxy_itself_has_its_own_address() {
    let server = start(&["127.0.0.1"]).await;
    let said = ["PROXY UNKNOWN\r\n", &request("/address", "")].concat();
    let mut stream = server.say(said).await;
    assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200 "));
    let own = stream.local_addr().unwrap().to_string();
    assert_eq!(read(&mut stream, own.len()).await, own.as_bytes());
}

#[tokio::test]
async fn a_proxy_that_sends_no_header_is_closed() {
    let server = start(&["127.0.0.1"]).await;
    is_closed(server.request("/quick").await).await;
}

#[tokio::test]
async fn a_header_from_elsewhere_does_not_count() {
    for proxies in [&["192.0.2.0/24", "::1"][..], &[]] {
        let server = start(proxies).await;
        let mut stream = server.request("/quick").await;
        assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200 "));
        let mut stream = server
            .say([HEADER, &request("/address", "")].concat())
            .await;
        assert!(answer(&mut stream).await.starts_with("HTTP/1.1 400 "));
    }
    let server = Server::start(PATIENT).await;
    let mut stream = server
        .say([HEADER, &request("/address", "")].concat())
        .await;
    assert!(answer(&mut stream).await.starts_with("HTTP/1.1 400 "));
}

#[tokio::test]
async fn a_header_must_arrive_in_time_and_does_not_delay_the_end() {
    let limits = Limits {
        header: MOMENT,
        ..PATIENT
    };
    let server = Server::start(behind(limits, &["127.0.0.1"])).await;
    for said in ["", "PROXY TCP4 192."] {
        is_closed(server.say(said).await).await;
    }
    let server = start(&["127.0.0.1"]).await;
    let stream = server.say("PROXY TCP4").await;
    server.shutdown.begin();
    is_closed(stream).await;
    server.ends().await.unwrap();
}
