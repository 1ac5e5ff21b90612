//! Caddy.

use crate::{crowd::nobody_is_lost, proxy::Proxy, recipe::blocks, replica::Replica};
use std::time::Duration;
use test_kit::Request;

#[tokio::test]
async fn a_page_opens_its_socket_and_the_peer_is_the_client() {
    let replica = Replica::start(&["serve", "0"]).await;
    let proxy = Proxy::caddy(blocks("caddy")[0], &[replica.addr]).await;
    let origin = format!("http://{}", proxy.addr);
    let mut client = Request::new(proxy.addr, "/live")
        .origin(&origin)
        .open()
        .await;
    client.send("who am I?").await;
    assert_eq!(client.text().await, "127.0.0.1:0");
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
    let proxy = Proxy::caddy(blocks("caddy")[0], &addrs).await;
    nobody_is_lost(&proxy, replicas, Duration::from_secs(seconds)).await;
}
