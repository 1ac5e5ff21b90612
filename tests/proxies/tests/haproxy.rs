//! HAProxy.

use crate::{crowd::nobody_is_lost, proxy::Proxy, recipe::blocks, replica::Replica};
use std::time::Duration;
use test_kit::{Request, http};

#[tokio::test]
async fn a_page_opens_its_socket_and_the_peer_is_the_client() {
    let replica = Replica::start(&["serve", "0"]).await;
    let proxy = Proxy::haproxy(blocks("haproxy")[0], &[replica.addr]).await;
    let origin = format!("http://{}", proxy.addr);
    let mut client = Request::new(proxy.addr, "/live")
        .origin(&origin)
        .open()
        .await;
    client.send("who am I?").await;
    assert_eq!(client.text().await, "127.0.0.1:0");
}

#[tokio::test]
async fn the_proxy_protocol_names_the_client() {
    let replica = Replica::start(&["behind", "127.0.0.1"]).await;
    let proxy = Proxy::haproxy(blocks("haproxy")[1], &[replica.addr]).await;
    assert_eq!(http(proxy.addr, "GET", "/page").await.0, 200);
    let stream = test_kit::connect(proxy.addr).await;
    let own = stream.local_addr().unwrap().to_string();
    let request = test_kit::handshake(proxy.addr, "/live", "");
    let mut socket = test_kit::Socket::over(stream, &request).await.unwrap();
    assert_eq!(socket.ask_for("who am I?").await, own);
}

#[tokio::test]
async fn a_replica_leaves() {
    leaves(&["serve", "0"], 6).await;
}

#[tokio::test]
async fn a_replica_lingers_and_leaves() {
    leaves(&["serve", "3"], 7).await;
}

/// One of two replicas leaves while clients come for this many seconds.
async fn leaves(args: &[&str], seconds: u64) {
    let replicas = [Replica::start(args).await, Replica::start(args).await];
    let addrs = replicas.each_ref().map(|replica| replica.addr);
    let proxy = Proxy::haproxy(blocks("haproxy")[0], &addrs).await;
    nobody_is_lost(&proxy, replicas, Duration::from_secs(seconds)).await;
}
