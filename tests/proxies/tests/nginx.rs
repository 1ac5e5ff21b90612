//! nginx.

use crate::{
    crowd::nobody_is_lost,
    page::opens_for_its_page,
    proxy::Proxy,
    recipe::{blocks, without},
    replica::Replica,
};
use std::{net::SocketAddr, time::Duration};
use test_kit::Request;

fn recipe() -> &'static str {
    blocks("nginx")[0]
}

/// nginx in front of these replicas.
async fn proxy(replicas: &[SocketAddr]) -> Proxy {
    Proxy::nginx(recipe(), replicas).await
}

#[tokio::test]
async fn a_page_opens_its_socket_and_the_peer_is_the_client() {
    opens_for_its_page(proxy).await;
}

#[tokio::test]
async fn a_page_of_another_site_gets_403() {
    let replica = Replica::start(&["serve", "0"]).await;
    let proxy = proxy(&[replica.addr]).await;
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
        let replica = Replica::start(&["serve", "0"]).await;
        let proxy = Proxy::nginx(&without(recipe(), line), &[replica.addr]).await;
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
    nobody_is_lost(&["serve", "0"], proxy, Duration::from_secs(6)).await;
}

#[tokio::test]
async fn a_replica_lingers_and_leaves() {
    nobody_is_lost(&["serve", "2"], proxy, Duration::from_secs(6)).await;
}

#[tokio::test]
async fn a_replica_on_axum_serve_leaves() {
    nobody_is_lost(&["by-hand"], proxy, Duration::from_secs(12)).await;
}
