//! HAProxy.

use crate::{
    crowd::nobody_is_lost, page::opens_for_its_page, proxy::Proxy, recipe::blocks, replica::Replica,
};
use std::{net::SocketAddr, time::Duration};
use test_kit::http;

/// A proxy in front of these replicas.
async fn proxy(replicas: &[SocketAddr]) -> Proxy {
    Proxy::haproxy(blocks("haproxy")[0], replicas).await
}

#[tokio::test]
async fn a_page_opens_its_socket_and_the_peer_is_the_client() {
    opens_for_its_page(proxy).await;
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
    nobody_is_lost(&["serve", "0"], proxy, Duration::from_secs(6)).await;
}

#[tokio::test]
async fn a_replica_lingers_and_leaves() {
    nobody_is_lost(&["serve", "3"], proxy, Duration::from_secs(7)).await;
}
