//! NATS whose JetStream refuses everything, or some messages.

use crate::{
    cuts::TIMEOUT,
    replica::{SHORT, down, expect, flush, next, options, over, told, until},
};
use async_nats::{Client, ToServerAddrs};
use autumn_ws_core::Channels;
use autumn_ws_replicas::{Nats, Options};
use futures_util::StreamExt;
use serde_json::{Value, json};
use std::time::Duration;
use test_kit::EngineServer;

/// The streams of this server have 1 MiB in all.
const SERVER: &str = "jetstream { max_memory_store: 1MiB }";

/// The streams of this account have 1 MiB in all, and drop anything beyond silently.
const ACCOUNT: &str = "
    jetstream {}
    accounts { shop: { jetstream: { max_mem: 1MiB }, users: [{ user: shop, password: secret }] } }
    no_auth_user: shop
";

/// So long that no probe happens during a test.
const LONG: Duration = Duration::from_mins(1);

fn server(config: &str) -> EngineServer {
    EngineServer::configured(config)
}

async fn start(server: &EngineServer, options: Options) -> Channels {
    let nats = Nats::open(&url(server)).unwrap();
    over(nats, options).await.unwrap()
}

fn url(server: &EngineServer) -> String {
    format!("nats://127.0.0.1:{}", server.port())
}

/// Another user of the server.
pub struct Other(Client);

impl Other {
    pub async fn at(server: &EngineServer) -> Self {
        let address = url(server).to_server_addrs().unwrap();
        let client = async_nats::connect(address.collect::<Vec<_>>());
        Self(expect(client).await.unwrap())
    }

    async fn ask(&self, what: &str, content: &Value) -> Value {
        let content = if content.is_null() {
            String::new()
        } else {
            content.to_string()
        };
        let answer = self.0.request(what.to_owned(), content.into());
        let answer = expect(answer).await.unwrap();
        serde_json::from_slice(&answer.payload).unwrap()
    }

    /// Sends JetStream a command, and waits until it is done.
    pub async fn order(&self, what: &str, content: &Value) -> Value {
        let answer = self.ask(&format!("$JS.API.STREAM.{what}"), content).await;
        assert_eq!(answer.get("error"), None, "{what}");
        answer
    }

    /// Fills this many bytes of the memory, or all of it.
    async fn fill(&self, bytes: usize) {
        let config = json!({ "name": "other", "subjects": ["other"], "storage": "memory" });
        self.order("CREATE.other", &config).await;
        let content = json!("x".repeat(100_000));
        for _ in 0..bytes / 100_000 {
            if self.ask("other", &content).await.get("error").is_some() {
                break;
            }
        }
    }

    /// Frees the memory.
    async fn free(&self) {
        self.order("PURGE.other", &Value::Null).await;
    }
}

/// Both replicas notice, both hear their own messages, and both recover when there is memory again.
#[tokio::test]
async fn its_memory_is_used_up() {
    let server = server(SERVER);
    let other = Other::at(&server).await;
    let here = start(&server, options().timeout(TIMEOUT)).await;
    let there = start(&server, options().timeout(TIMEOUT)).await;
    let [mut own, mut others] = [&here, &there].map(|channels| channels.subscribe("lobby"));
    flush(&here).await;
    flush(&there).await;
    other.fill(usize::MAX).await;
    here.publish("lobby", "alone");
    assert_eq!(next(&mut own, 1).await, ["alone"]);
    down(&there).await;
    assert!(!here.flush(SHORT).await && !there.flush(SHORT).await);
    other.free().await;
    flush(&here).await;
    flush(&there).await;
    here.publish("lobby", "together");
    assert_eq!(told(until(&mut own, "together").await), ["GAP"]);
    assert_eq!(told(until(&mut others, "together").await), ["GAP"]);
}

/// The message is dropped, smaller ones are not, and probes are answered. This replica does not
/// listen itself.
#[tokio::test]
async fn one_message_is_too_large_for_what_is_left() {
    let server = server(ACCOUNT);
    let other = Other::at(&server).await;
    let [here, there] = [
        start(&server, options()).await,
        start(&server, options()).await,
    ];
    let mut others = there.subscribe("lobby");
    flush(&there).await;
    other.fill(900_000).await;
    here.publish("lobby", "x".repeat(500_000));
    here.publish("lobby", "small");
    flush(&here).await;
    here.publish("lobby", "together");
    let told = told(until(&mut others, "together").await);
    assert!(told == ["GAP"] || told == ["small", "GAP"], "{told:?}");
}

/// It is over before the next probe.
#[tokio::test]
async fn its_memory_is_used_up_for_a_moment() {
    let server = server(SERVER);
    let other = Other::at(&server).await;
    let [here, there] = [
        start(&server, options().timeout(LONG)).await,
        start(&server, options().timeout(LONG)).await,
    ];
    let mut others = there.subscribe("lobby");
    flush(&there).await;
    let seen = other.0.subscribe("autumn-ws.in.channel=3Alobby").await;
    let mut seen = seen.unwrap();
    other.fill(usize::MAX).await;
    here.publish("lobby", "lost");
    expect(seen.next()).await.unwrap();
    other.free().await;
    flush(&here).await;
    here.publish("lobby", "together");
    assert_eq!(told(until(&mut others, "together").await), ["GAP"]);
}

#[tokio::test]
async fn somebody_deletes_the_stream() {
    let server = server(SERVER);
    let other = Other::at(&server).await;
    let here = start(&server, options().timeout(TIMEOUT)).await;
    let there = start(&server, options().timeout(TIMEOUT)).await;
    let [mut own, mut others] = [&here, &there].map(|channels| channels.subscribe("lobby"));
    flush(&here).await;
    flush(&there).await;
    other.order("DELETE.autumn-ws", &Value::Null).await;
    here.publish("lobby", "on its way");
    assert_eq!(next(&mut own, 1).await, ["on its way"]);
    flush(&here).await;
    flush(&there).await;
    here.publish("lobby", "together");
    assert_eq!(until(&mut own, "together").await, ["GAP"]);
    assert_eq!(told(until(&mut others, "together").await), ["GAP"]);
}

/// It is back before the next probe.
#[tokio::test]
async fn somebody_deletes_the_stream_and_makes_it_again() {
    let server = server(SERVER);
    let other = Other::at(&server).await;
    let [here, there] = [
        start(&server, options().timeout(LONG)).await,
        start(&server, options().timeout(LONG)).await,
    ];
    let mut others = there.subscribe("lobby");
    flush(&there).await;
    let config = other.order("INFO.autumn-ws", &Value::Null).await["config"].take();
    let seen = other.0.subscribe("autumn-ws.in.channel=3Alobby").await;
    let mut seen = seen.unwrap();
    other.order("DELETE.autumn-ws", &Value::Null).await;
    here.publish("lobby", "lost");
    expect(seen.next()).await.unwrap();
    other.order("CREATE.autumn-ws", &config).await;
    flush(&here).await;
    here.publish("lobby", "together");
    assert_eq!(told(until(&mut others, "together").await), ["GAP"]);
}

#[tokio::test]
async fn somebody_replaces_the_stream_by_another_one() {
    let server = server(SERVER);
    let other = Other::at(&server).await;
    let here = start(&server, options().timeout(TIMEOUT)).await;
    let mut own = here.subscribe("lobby");
    flush(&here).await;
    other.order("DELETE.autumn-ws", &Value::Null).await;
    let config =
        json!({ "name": "autumn-ws", "subjects": ["autumn-ws.in.>"], "storage": "memory" });
    other.order("CREATE.autumn-ws", &config).await;
    here.publish("lobby", "alone");
    assert_eq!(next(&mut own, 1).await, ["alone"]);
    assert!(!here.flush(SHORT).await);
    other.order("DELETE.autumn-ws", &Value::Null).await;
    flush(&here).await;
    here.publish("lobby", "together");
    assert_eq!(until(&mut own, "together").await, ["GAP"]);
}

/// It stores nothing that is needed.
#[tokio::test]
async fn somebody_empties_the_stream() {
    let server = server(SERVER);
    let other = Other::at(&server).await;
    let [here, there] = [
        start(&server, options()).await,
        start(&server, options()).await,
    ];
    let [mut own, mut others] = [&here, &there].map(|channels| channels.subscribe("lobby"));
    flush(&there).await;
    for n in 0..100 {
        here.publish("lobby", n.to_string());
        here.publish("kitchen", n.to_string());
        if n % 10 == 0 {
            other.order("PURGE.autumn-ws", &Value::Null).await;
        }
    }
    flush(&here).await;
    flush(&there).await;
    here.publish("lobby", "the end");
    let all: Vec<_> = (0..100).map(|n| n.to_string()).collect();
    assert_eq!(until(&mut own, "the end").await, all);
    assert_eq!(until(&mut others, "the end").await, all);
}
