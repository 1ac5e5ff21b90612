//! Caddy.

use crate::{crowd::nobody_is_lost, page::opens_for_its_page, proxy::Proxy, recipe::blocks};
use std::{net::SocketAddr, time::Duration};

/// A proxy in front of these replicas.
async fn proxy(replicas: &[SocketAddr]) -> Proxy {
    Proxy::caddy(blocks("caddy")[0], replicas).await
}

#[tokio::test]
async fn a_page_opens_its_socket_and_the_peer_is_the_client() {
    opens_for_its_page(proxy).await;
}

#[tokio::test]
async fn a_replica_leaves() {
    nobody_is_lost(&["serve", "0"], proxy, Duration::from_secs(6)).await;
}

#[tokio::test]
async fn a_replica_lingers_and_leaves() {
    nobody_is_lost(&["serve", "3"], proxy, Duration::from_secs(7)).await;
}
