//! A page and its socket.

use crate::{proxy::Proxy, replica::Replica};
use std::net::SocketAddr;
use test_kit::Request;

/// Behind a proxy that `start` puts in front of a replica, a page opens the socket of its own host,
/// and the peer is the client that the proxy sees, whatever the client says.
pub async fn opens_for_its_page(start: impl AsyncFnOnce(&[SocketAddr]) -> Proxy) {
    let replica = Replica::start(&["serve", "0"]).await;
    let proxy = start(&[replica.addr]).await;
    let origin = format!("http://{}", proxy.addr);
    let request = Request::new(proxy.addr, "/live").origin(&origin);
    let mut client = request.header("x-forwarded-for", "192.0.2.66").open().await;
    client.send("who am I?").await;
    assert_eq!(client.text().await, "127.0.0.1:0");
    client.send("hello").await;
    assert_eq!(client.text().await, "hello");
    client.close(1000, "").await;
}
