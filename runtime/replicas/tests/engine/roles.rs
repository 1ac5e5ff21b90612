//! Redis servers that answer but are not the one that all replicas use, from the start or suddenly.

use crate::{
    network::Address,
    replica::{down, expect, flush, next, options, over, refusal, told, until},
};
use autumn_ws_core::{Channels, Subscription};
use autumn_ws_replicas::{Options, Redis};
use std::time::Duration;
use test_kit::EngineServer;
use tokio::{io::AsyncWriteExt, net::TcpListener, time::sleep};

/// Short, so that a replica soon notices that its server has changed.
const TIMEOUT: Duration = Duration::from_millis(600);

fn hasty() -> Options {
    options().timeout(TIMEOUT)
}

fn engine(port: u16) -> Redis {
    Redis::open(&format!("redis://127.0.0.1:{port}")).unwrap()
}

async fn start(port: u16) -> Channels {
    over(engine(port), hasty()).await.unwrap()
}

/// A listener in the lobby that hears everything from now on.
async fn lobby(channels: &Channels) -> Subscription {
    let mut lobby = channels.subscribe("lobby");
    expect(lobby.joined()).await;
    lobby
}

/// A primary and its replica.
fn pair() -> [EngineServer; 2] {
    let at_once = ["--repl-diskless-sync-delay", "0"];
    let [first, second] = [EngineServer::redis(&at_once), EngineServer::redis(&at_once)];
    second.follow(&first);
    [first, second]
}

/// They hear each other, and nothing is missing any more.
async fn together(here: &Channels, others: &mut Subscription) -> Vec<String> {
    flush(here).await;
    here.publish("lobby", "together");
    told(until(others, "together").await)
}

/// Either the failover is noticed before a message is published, or the others get a gap for it.
async fn heard_or_gap(others: &mut Subscription) {
    let heard = next(others, 1).await;
    assert!(heard == ["GAP"] || heard == ["lost"], "{heard:?}");
}

#[tokio::test]
async fn a_replica_is_refused() {
    let [_first, second] = pair();
    let why = refusal(engine(second.port())).await;
    assert!(why.contains("this is a replica"), "{why}");
}

#[tokio::test]
async fn a_node_of_a_cluster_is_refused() {
    let node = EngineServer::redis(&["--cluster-enabled", "yes"]);
    let why = refusal(engine(node.port())).await;
    assert!(why.contains("node of a Redis Cluster"), "{why}");
}

#[tokio::test]
async fn a_sentinel_is_refused() {
    let sentinel = EngineServer::sentinel();
    let why = refusal(engine(sentinel.port())).await;
    assert!(why.contains("this is a Sentinel"), "{why}");
}

/// It reports its role to every user.
#[tokio::test]
async fn a_replica_is_refused_for_a_user_with_few_rights() {
    let [_first, second] = pair();
    let user = "ACL SETUSER shop on >pw resetchannels &autumn-ws:* +publish +subscribe";
    second.tell(&user.split(' ').collect::<Vec<_>>());
    let why = refusal(engine(second.port()).credentials("shop", "pw")).await;
    assert!(why.contains("this is a replica"), "{why}");
}

#[tokio::test]
async fn two_primaries_behind_one_address_are_refused() {
    let [first, second] = [EngineServer::redis(&[]), EngineServer::redis(&[])];
    let address = Address::of(&[first.port(), second.port()]).await;
    let why = refusal(engine(address.port())).await;
    assert!(why.contains("several Redis servers"), "{why}");
}

/// As with `redis-cli REPLICAOF`, which disconnects nobody.
#[tokio::test]
async fn it_becomes_a_replica() {
    let [first, second] = pair();
    let channels = start(first.port()).await;
    let mut own = lobby(&channels).await;
    second.tell(&["REPLICAOF", "NO", "ONE"]);
    first.follow(&second);
    down(&channels).await;
    assert!(!channels.flush(TIMEOUT).await);
    channels.publish("lobby", "alone");
    assert_eq!(next(&mut own, 1).await, ["alone"]);
    first.tell(&["REPLICAOF", "NO", "ONE"]);
    assert_eq!(together(&channels, &mut own).await, ["GAP"]);
}

/// Nobody else hears what it takes as a replica, and they get a gap.
#[tokio::test]
async fn a_failover_without_disconnects() {
    let [first, second] = pair();
    let address = Address::of(&[first.port()]).await;
    let before = start(address.port()).await;
    second.tell(&["REPLICAOF", "NO", "ONE"]);
    address.move_to(second.port());
    first.follow(&second);
    let after = start(address.port()).await;
    let mut others = lobby(&after).await;
    before.publish("lobby", "lost");
    heard_or_gap(&mut others).await;
    assert_eq!(together(&before, &mut others).await, Vec::<String>::new());
}

/// The old primary stays a primary, and the connection to it stays open.
#[tokio::test]
async fn a_failover_unknown_to_the_old_primary() {
    let [first, second] = pair();
    let address = Address::of(&[first.port()]).await;
    let before = start(address.port()).await;
    second.tell(&["REPLICAOF", "NO", "ONE"]);
    address.move_to(second.port());
    let after = start(address.port()).await;
    let mut others = lobby(&after).await;
    before.publish("lobby", "lost");
    heard_or_gap(&mut others).await;
    assert_eq!(together(&before, &mut others).await, Vec::<String>::new());
}

/// As Sentinel does: clients of the old primary are disconnected some time after the new one is up.
#[tokio::test]
async fn a_failover_with_disconnects() {
    let [first, second] = pair();
    let address = Address::of(&[first.port()]).await;
    // No check is in time.
    let patient = options().timeout(Duration::from_mins(10));
    let before = over(engine(address.port()), patient).await.unwrap();
    second.tell(&["REPLICAOF", "NO", "ONE"]);
    address.move_to(second.port());
    let after = start(address.port()).await;
    let mut others = lobby(&after).await;
    before.publish("lobby", "lost");
    flush(&before).await;
    first.follow(&second);
    first.tell(&["CLIENT", "KILL", "TYPE", "pubsub"]);
    down(&before).await;
    assert_eq!(together(&before, &mut others).await, ["GAP"]);
}

/// A planned failover.
#[tokio::test]
async fn a_planned_failover() {
    let [first, second] = pair();
    let address = Address::of(&[first.port()]).await;
    let before = start(address.port()).await;
    first.tell(&["FAILOVER"]);
    down(&before).await;
    until_primary(&second).await;
    address.move_to(second.port());
    let after = start(address.port()).await;
    let mut others = lobby(&after).await;
    assert_eq!(together(&before, &mut others).await, Vec::<String>::new());
}

async fn until_primary(server: &EngineServer) {
    expect(async {
        while !server.tell(&["ROLE"]).starts_with("master") {
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

/// Its connection was lost, but no messages were.
#[tokio::test]
async fn a_reconnect_to_the_same_server_loses_nothing() {
    let server = EngineServer::redis(&[]);
    let patient = options().timeout(Duration::from_mins(10));
    let here = over(engine(server.port()), patient).await.unwrap();
    let ids = server.tell(&["CLIENT", "LIST", "TYPE", "pubsub"]);
    let id = ids.split(' ').next().unwrap().strip_prefix("id=").unwrap();
    let there = start(server.port()).await;
    let mut others = lobby(&there).await;
    here.publish("lobby", "hello");
    assert_eq!(next(&mut others, 1).await, ["hello"]);
    flush(&here).await;
    server.tell(&["CLIENT", "KILL", "ID", id]);
    down(&here).await;
    assert_eq!(together(&here, &mut others).await, Vec::<String>::new());
}

#[tokio::test]
async fn it_comes_back_as_a_different_server() {
    let mut server = EngineServer::redis(&[]);
    let channels = start(server.port()).await;
    server.kill();
    server.run_with(&["--cluster-enabled", "yes"]);
    down(&channels).await;
    assert!(!channels.flush(TIMEOUT).await);
    server.kill();
    server.run_with(&[]);
    flush(&channels).await;
}

/// Denied commands appear in a log that operators watch.
#[tokio::test]
async fn checks_use_only_granted_rights() {
    let server = EngineServer::redis(&[]);
    let user =
        "ACL SETUSER shop on >pw resetchannels &autumn-ws:* +publish +subscribe +unsubscribe +info";
    server.tell(&user.split(' ').collect::<Vec<_>>());
    let engine = engine(server.port()).credentials("shop", "pw");
    let channels = over(engine, hasty()).await.unwrap();
    sleep(TIMEOUT).await;
    flush(&channels).await;
    assert_eq!(server.tell(&["ACL", "LOG"]), "");
}

/// Its password has changed: it accepts no new connections, and keeps the existing one.
#[tokio::test]
async fn a_check_that_fails_is_not_an_outage() {
    let server = EngineServer::redis(&[]);
    server.tell(&[
        "ACL",
        "SETUSER",
        "shop",
        "on",
        ">old",
        "allchannels",
        "+@all",
    ]);
    let engine = engine(server.port()).credentials("shop", "old");
    let channels = over(engine, options().timeout(5 * TIMEOUT)).await.unwrap();
    server.tell(&["ACL", "SETUSER", "shop", "<old", ">new"]);
    expect(async {
        while !server.tell(&["ACL", "LOG"]).contains("auth") {
            sleep(TIMEOUT / 10).await;
        }
    })
    .await;
    assert!(channels.is_connected());
}

#[tokio::test]
async fn a_database_that_the_user_may_not_choose_is_refused() {
    let server = EngineServer::redis(&[]);
    let user =
        "ACL SETUSER shop on >pw resetchannels &autumn-ws:* +publish +subscribe +unsubscribe";
    server.tell(&user.split(' ').collect::<Vec<_>>());
    let url = |database: &str| format!("redis://shop:pw@127.0.0.1:{}{database}", server.port());
    let why = refusal(Redis::open(&url("/1")).unwrap()).await;
    assert!(why.contains("'select'"), "{why}");
    let why = refusal(engine_in(&server, 99)).await;
    assert!(why.contains("no database with that number"), "{why}");
    assert!(
        over(Redis::open(&url("")).unwrap(), options())
            .await
            .is_ok()
    );
}

fn engine_in(server: &EngineServer, database: u32) -> Redis {
    Redis::open(&format!("redis://127.0.0.1:{}/{database}", server.port())).unwrap()
}

/// A missing right is named, without waiting.
#[tokio::test]
async fn a_user_without_a_right_is_refused() {
    let server = EngineServer::redis(&[]);
    for missing in ["publish", "subscribe", "channels"] {
        let user = "ACL SETUSER shop reset on >pw +publish +subscribe +unsubscribe";
        server.tell(&user.split(' ').collect::<Vec<_>>());
        match missing {
            "channels" => server.tell(&["ACL", "SETUSER", "shop", "resetchannels"]),
            _ => server.tell(&[
                "ACL",
                "SETUSER",
                "shop",
                "allchannels",
                &format!("-{missing}"),
            ]),
        };
        let why = refusal(engine(server.port()).credentials("shop", "pw")).await;
        assert!(why.contains(missing), "{why}");
    }
}

/// A user who loses a right is cut off, and reconnects when it is granted again.
#[tokio::test]
async fn a_right_that_is_withdrawn_is_an_outage() {
    let server = EngineServer::redis(&[]);
    let user = "ACL SETUSER shop on >pw &* +publish +subscribe +unsubscribe";
    server.tell(&user.split(' ').collect::<Vec<_>>());
    let channels = over(engine(server.port()).credentials("shop", "pw"), hasty())
        .await
        .unwrap();
    let mut own = lobby(&channels).await;
    server.tell(&["ACL", "SETUSER", "shop", "-publish"]);
    down(&channels).await;
    channels.publish("lobby", "alone");
    assert_eq!(next(&mut own, 1).await, ["alone"]);
    assert!(!channels.flush(TIMEOUT).await);
    server.tell(&["ACL", "SETUSER", "shop", "+publish"]);
    flush(&channels).await;
}

/// The port of a different server.
#[tokio::test]
async fn a_server_that_is_not_redis_is_refused() {
    let nats = EngineServer::nats(&[]);
    let why = refusal(engine(nats.port())).await;
    assert!(why.contains("not Redis"), "{why}");
}

/// Servers and proxies that speak an older or a different protocol.
#[tokio::test]
async fn a_server_with_another_protocol_is_refused() {
    for (answer, why) in [
        ("-NOPROTO unsupported protocol version\r\n", "RESP3"),
        ("-ERR unknown command 'HELLO'\r\n", "HELLO"),
        ("HTTP/1.1 400 Bad Request\r\n\r\n", "not Redis"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (mut replica, _) = listener.accept().await.unwrap();
            replica
                .write_all(answer.repeat(4).as_bytes())
                .await
                .unwrap();
            std::future::pending::<()>().await;
        });
        let text = refusal(engine(port)).await;
        assert!(text.contains(why), "{text}");
    }
}
