//! NATS servers that answer but are not the one that all replicas use, from the start or suddenly.

use crate::{
    jetstream::Other,
    network::Address,
    replica::{down, expect, flush, next, options, over, refusal, told, until},
};
use autumn_ws::{
    Channels, Subscription,
    engine::{Nats, Options},
};
use serde_json::{Value, json};
use std::time::Duration;
use test_kit::{EngineServer, free_port};
use tokio::time::sleep;

/// Short, so that a replica soon notices that its server has changed.
const TIMEOUT: Duration = Duration::from_millis(600);

fn hasty() -> Options {
    options().timeout(TIMEOUT)
}

/// A URL that lists the servers at these ports.
fn engine(ports: &[u16]) -> Nats {
    let urls: Vec<_> = ports
        .iter()
        .map(|port| format!("nats://127.0.0.1:{port}"))
        .collect();
    Nats::open(&urls.join(",")).unwrap()
}

async fn start(port: u16) -> Channels {
    over(engine(&[port]), hasty()).await.unwrap()
}

fn server() -> EngineServer {
    EngineServer::nats(&["--jetstream"])
}

/// A listener in the lobby that hears everything from now on.
async fn lobby(channels: &Channels) -> Subscription {
    let mut lobby = channels.subscribe("lobby");
    expect(lobby.joined()).await;
    lobby
}

/// They hear each other, and nothing is missing any more.
async fn together(here: &Channels, others: &mut Subscription) -> Vec<String> {
    flush(here).await;
    here.publish("lobby", "together");
    told(until(others, "together").await)
}

#[tokio::test]
async fn an_account_without_jetstream_is_refused() {
    let server = EngineServer::configured(
        "jetstream {}
         accounts { shop: { users: [{ user: shop, password: pw }] } }
         no_auth_user: shop",
    );
    let why = refusal(engine(&[server.port()])).await;
    assert!(why.contains("not enabled for this account"), "{why}");
}

/// An account that may have no more streams.
#[tokio::test]
async fn an_account_without_room_is_refused() {
    let server = EngineServer::configured(
        "jetstream {}
         accounts {
             shop: { jetstream: { max_streams: 1 }, users: [{ user: shop, password: pw }] }
         }
         no_auth_user: shop",
    );
    let other = Other::at(&server).await;
    let config = json!({ "name": "other", "subjects": ["other"], "storage": "memory" });
    other.order("CREATE.other", &config).await;
    let why = refusal(engine(&[server.port()])).await;
    assert!(why.contains("maximum number of streams"), "{why}");
}

/// A right that is missing is named, and nobody waits.
#[tokio::test]
async fn a_user_without_a_right_is_refused() {
    let rights = [
        "publish autumn-ws.in.>",
        "publish $JS.API.STREAM.INFO.autumn-ws",
        "publish $JS.API.STREAM.CREATE.autumn-ws",
        "subscribe autumn-ws.out.>",
        "subscribe _INBOX.>",
    ];
    for missing in rights {
        let of = |kind: &str| {
            let rights = rights.iter().filter(|right| **right != missing);
            let rights = rights
                .filter_map(|right| right.strip_prefix(kind))
                .map(str::trim);
            format!("{:?}", rights.collect::<Vec<_>>())
        };
        let server = EngineServer::configured(&format!(
            "jetstream {{}}
             authorization {{ users: [{{
                 user: shop, password: pw, permissions: {{ publish: {}, subscribe: {} }}
             }}] }}",
            of("publish"),
            of("subscribe"),
        ));
        let why = refusal(engine(&[server.port()]).credentials("shop", "pw")).await;
        assert!(
            why.to_lowercase().contains("permissions violation"),
            "{missing}: {why}"
        );
    }
}

#[tokio::test]
async fn jetstream_is_switched_off() {
    let mut server = EngineServer::configured("jetstream {}");
    let channels = start(server.port()).await;
    server.file("nats.conf", "");
    server.reload();
    down(&channels).await;
    assert!(!channels.flush(TIMEOUT).await);
    server.kill();
    server.file("nats.conf", "jetstream {}");
    server.run();
    flush(&channels).await;
}

/// It still accepts everything, but delivers only some of it.
#[tokio::test]
async fn somebody_changes_the_stream() {
    let server = server();
    let channels = start(server.port()).await;
    let other = Other::at(&server).await;
    let mut config = other.order("INFO.autumn-ws", &Value::Null).await["config"].take();
    config["republish"] = json!({ "src": "autumn-ws.in.a", "dest": "autumn-ws.out.a" });
    other.order("DELETE.autumn-ws", &Value::Null).await;
    other.order("CREATE.autumn-ws", &config).await;
    down(&channels).await;
    assert!(!channels.flush(TIMEOUT).await);
    other.order("DELETE.autumn-ws", &Value::Null).await;
    flush(&channels).await;
}

#[tokio::test]
async fn a_stream_that_cannot_be_used_is_refused() {
    let server = server();
    let other = Other::at(&server).await;
    let config = json!({
        "name": "autumn-ws", "subjects": ["autumn-ws.in.>"], "storage": "memory",
        "discard": "new", "max_msgs": 1,
        "republish": { "src": "autumn-ws.in.>", "dest": "autumn-ws.out.>" },
    });
    other.order("CREATE.autumn-ws", &config).await;
    let why = refusal(engine(&[server.port()])).await;
    assert!(why.contains("another prefix"), "{why}");
}

#[tokio::test]
async fn unrelated_servers_are_refused() {
    let [first, second] = [server(), server()];
    let why = refusal(engine(&[first.port(), second.port()])).await;
    assert!(why.contains("do not share a stream"), "{why}");
    let address = Address::of(&[first.port(), second.port()]).await;
    let why = refusal(engine(&[address.port()])).await;
    assert!(why.contains("do not share a stream"), "{why}");
}

/// The old server stays up, and so does the connection to it.
#[tokio::test]
async fn its_address_leads_to_another_server() {
    let [first, second] = [server(), server()];
    let address = Address::of(&[first.port()]).await;
    let before = start(address.port()).await;
    address.move_to(second.port());
    let after = start(address.port()).await;
    let mut others = lobby(&after).await;
    before.publish("lobby", "lost");
    // It is noticed before that, or after it.
    let heard = next(&mut others, 1).await;
    assert!(heard == ["GAP"] || heard == ["lost"], "{heard:?}");
    assert_eq!(together(&before, &mut others).await, Vec::<String>::new());
}

/// Both streams take what is published on either server, so that everyone would hear it twice.
#[tokio::test]
async fn a_leafnode_with_a_stream_of_its_own() {
    let leaves = free_port();
    let hub = EngineServer::configured(&format!(
        "server_name: hub, jetstream {{ domain: hub }}
         leafnodes {{ listen: \"127.0.0.1:{leaves}\" }}"
    ));
    let leaf = EngineServer::configured(&format!(
        "server_name: leaf, jetstream {{ domain: leaf }}
         leafnodes {{ remotes: [{{ url: \"nats://127.0.0.1:{leaves}\" }}] }}"
    ));
    let here = start(hub.port()).await;
    let there = over(engine(&[leaf.port()]), hasty()).await;
    down(&here).await;
    if let Ok(there) = there {
        down(&there).await;
    }
}

/// A cluster of three servers.
struct Cluster {
    servers: Vec<EngineServer>,
}

impl Cluster {
    fn start() -> Self {
        let routes = [free_port(), free_port(), free_port()];
        let urls = routes
            .map(|port| format!("nats://127.0.0.1:{port}"))
            .join(", ");
        let server = |name: usize| {
            EngineServer::configured(&format!(
                "server_name: s{name}, jetstream {{}}
                 cluster {{ name: c, listen: \"127.0.0.1:{}\", routes: [{urls}] }}",
                routes[name],
            ))
        };
        Self {
            servers: (0..3).map(server).collect(),
        }
    }

    fn ports(&self) -> Vec<u16> {
        self.servers.iter().map(EngineServer::port).collect()
    }

    /// The index of the server that has the stream.
    async fn leader(&self) -> usize {
        let mut info = Other::at(&self.servers[0])
            .await
            .order("INFO.autumn-ws", &Value::Null)
            .await;
        let leader = info["cluster"]["leader"].take();
        (0..3).find(|name| leader == format!("s{name}")).unwrap()
    }
}

/// They are one NATS, and a replica moves to the next of them.
#[tokio::test]
async fn a_server_of_a_cluster_is_killed() {
    let mut cluster = Cluster::start();
    let ports = cluster.ports();
    let here = over(engine(&ports), options()).await.unwrap();
    let leader = cluster.leader().await;
    let there = over(engine(&[ports[leader]]), options()).await.unwrap();
    let mut others = lobby(&there).await;
    here.publish("lobby", "hello");
    assert_eq!(next(&mut others, 1).await, ["hello"]);
    flush(&here).await;
    for name in (0..3).filter(|name| *name != leader).take(1) {
        cluster.servers[name].kill();
    }
    sleep(TIMEOUT).await;
    assert_eq!(together(&here, &mut others).await, Vec::<String>::new());
}

/// Whatever is lost has a gap, and it recovers.
#[tokio::test]
async fn the_server_of_a_cluster_that_has_the_stream_is_killed() {
    let mut cluster = Cluster::start();
    let ports = cluster.ports();
    let here = over(engine(&ports), options()).await.unwrap();
    let mut own = lobby(&here).await;
    let leader = cluster.leader().await;
    cluster.servers[leader].kill();
    down(&here).await;
    here.publish("lobby", "alone");
    assert_eq!(until(&mut own, "alone").await, Vec::<String>::new());
    assert!(!here.flush(TIMEOUT).await);
    cluster.servers[leader].run();
    assert_eq!(together(&here, &mut own).await, ["GAP"]);
}

/// The servers that are up are enough.
#[tokio::test]
async fn some_servers_of_a_list_are_away() {
    let server = server();
    let [away, gone] = [free_port(), free_port()];
    let channels = over(engine(&[away, server.port(), gone]), options())
        .await
        .unwrap();
    let mut own = lobby(&channels).await;
    channels.publish("lobby", "hello");
    assert_eq!(next(&mut own, 1).await, ["hello"]);
}
