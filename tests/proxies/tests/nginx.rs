//! nginx.

use crate::{
    crowd::nobody_is_lost,
    proxy::Proxy,
    recipe::{blocks, without},
    replica::Replica,
};
use std::time::Duration;
use test_kit::Request;

fn recipe() -> &'static str {
    blocks("nginx")[0]
}

async fn behind_nginx(recipe: &str) -> (Replica, Proxy) {
    let replica = Replica::start(&["serve", "0"]).await;
    let proxy = Proxy::nginx(recipe, &[replica.addr]).await;
    (replica, proxy)
}

#[tokio::test]
async fn a_page_opens_its_socket_and_the_peer_is_the_client() {
    let (_replica, proxy) = behind_nginx(recipe()).await;
    let origin = format!("http://{}", proxy.addr);
    let request = Request::new(proxy.addr, "/live").origin(&origin);
    // nginx appends the address that it sees, whatever the client says.
    let mut client = request.header("x-forwarded-for", "192.0.2.66").open().await;
    client.send("who am I?").await;
    let peer = client.text().await;
    assert_eq!(peer, "127.0.0.1:0");
    client.send("hello").await;
    assert_eq!(client.text().await, "hello");
    client.close(1000, "").await;
    let evil = Request::new(proxy.addr, "/live").origin("http://evil.example");
    assert_eq!(evil.refused().await.status(), 403);
}

#[tokio::test]
async fn the_forgotten_line_is_named() {
    for (line, statuses) in [
        ("proxy_http_version", &[426][..]),
        ("proxy_set_header Upgrade", &[400, 426]),
        ("proxy_set_header Connection", &[400, 426]),
        ("proxy_set_header Host", &[403]),
    ] {
        let (_replica, proxy) = behind_nginx(&without(recipe(), line)).await;
        let origin = format!("http://{}", proxy.addr);
        let refused = Request::new(proxy.addr, "/live")
            .origin(&origin)
            .refused()
            .await;
        let (status, text) = (refused.status().as_u16(), refused.body());
        assert!(statuses.contains(&status), "{line}: {status} {text}");
        if line == "proxy_http_version" {
            assert!(text.contains("proxy_http_version 1.1;"), "{text}");
        }
    }
}

#[tokio::test]
async fn a_replica_leaves() {
    leaves(&["serve", "0"], 6).await;
}

#[tokio::test]
async fn a_replica_lingers_and_leaves() {
    leaves(&["serve", "2"], 6).await;
}

#[tokio::test]
async fn a_replica_on_axum_serve_leaves() {
    leaves(&["by-hand"], 12).await;
}

/// One of two replicas leaves while clients come for this many seconds.
async fn leaves(args: &[&str], seconds: u64) {
    let replicas = [Replica::start(args).await, Replica::start(args).await];
    let addrs = replicas.each_ref().map(|replica| replica.addr);
    let proxy = Proxy::nginx(recipe(), &addrs).await;
    nobody_is_lost(&proxy, replicas, Duration::from_secs(seconds)).await;
}
