//! Clients that come while a replica leaves.

use crate::{proxy::Proxy, replica::Replica};
use std::{collections::BTreeMap, net::SocketAddr, time::Duration};
use test_kit::{Client, Message, Request, http};
use tokio::{task::JoinSet, time::sleep};

/// How many sockets are opened, and how many requests are sent.
const CLIENTS: usize = 200;

/// Two replicas that serve by `args`, behind the proxy that `start` puts in front of them. One leaves
/// while clients come for this long: none fails. A session that says goodbye for two seconds holds it
/// open.
pub async fn nobody_is_lost(
    args: &[&str],
    start: impl AsyncFnOnce(&[SocketAddr]) -> Proxy,
    time: Duration,
) {
    let [leaving, staying] = [Replica::start(args).await, Replica::start(args).await];
    let proxy = &start(&[leaving.addr, staying.addr]).await;
    until_both_answer(proxy, [leaving.addr, staying.addr]).await;
    let mut last = Request::new(leaving.addr, "/slow").open().await;
    let mut clients = JoinSet::new();
    let mut leaving = Some(leaving);
    let mut ending = None;
    for number in 0..CLIENTS {
        if number == CLIENTS / 4 {
            let leaving = leaving.take().unwrap();
            leaving.terminate();
            ending = Some(tokio::spawn(leaving.ended()));
        }
        clients.spawn(open(proxy.addr));
        clients.spawn(order(proxy.addr));
        sleep(time / u32::try_from(CLIENTS).unwrap()).await;
    }
    let mut counts = BTreeMap::new();
    for outcome in clients.join_all().await {
        *counts.entry(outcome).or_insert(0) += 1;
    }
    assert_eq!(counts["an order"], CLIENTS, "{counts:?}");
    let sockets = counts["an echo"] + counts.get("a goodbye").unwrap_or(&0);
    assert_eq!(sockets, CLIENTS, "{counts:?}");
    assert_eq!(last.closed().await.0, 1012);
    ending.unwrap().await.unwrap();
    // The clients came for longer than it stayed, so they were served by the other one.
    assert_eq!(
        http(proxy.addr, "GET", "/page").await.1,
        staying.addr.port().to_string()
    );
}

async fn until_both_answer(proxy: &Proxy, replicas: [SocketAddr; 2]) {
    for replica in replicas {
        let port = replica.port().to_string();
        let answers = async || http(proxy.addr, "GET", "/page").await.1 == port;
        test_kit::until("each replica to answer", answers).await;
    }
}

/// Opens a socket and talks. The replica may say goodbye just then.
async fn open(addr: SocketAddr) -> String {
    let mut client: Client = match Request::new(addr, "/live").patiently().tried().await {
        Ok(client) => client,
        Err(refused) => return format!("{} {}", refused.status(), refused.body()),
    };
    client.send("hello").await;
    match client.frame().await {
        Some(Ok(Message::Text(text))) if text.as_str() == "hello" => "an echo".into(),
        Some(Ok(Message::Close(Some(close)))) if u16::from(close.code) == 1012 => {
            "a goodbye".into()
        }
        other => format!("{other:?}"),
    }
}

/// Sends a request that no proxy may send twice.
async fn order(addr: SocketAddr) -> String {
    match http(addr, "POST", "/order").await {
        (200, _) => "an order".into(),
        other => format!("{other:?}"),
    }
}
