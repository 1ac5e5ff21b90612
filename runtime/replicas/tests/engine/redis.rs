//! Channels over a real Redis.

use crate::{
    calm, cuts,
    network::Direction,
    outages,
    replica::{SHORT, down, flush, heard, next, options, over, told, until},
    sessions,
};
use autumn_ws_core::Channels;
use autumn_ws_replicas::{Redis, testing::conformance};
use test_kit::EngineServer;

fn engine(server: &EngineServer) -> Redis {
    engine_at(server.port())
}

fn engine_at(port: u16) -> Redis {
    Redis::open(&format!("redis://127.0.0.1:{port}")).unwrap()
}

async fn start(server: &EngineServer) -> Channels {
    over(engine(server), options()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_conforms() {
    let server = EngineServer::redis(&[]);
    conformance::all(|| engine(&server)).await;
}

#[tokio::test]
async fn sessions_span_replicas() {
    let server = EngineServer::redis(&[]);
    sessions::spans_replicas(start(&server).await, start(&server).await).await;
}

#[test]
fn an_invalid_url_is_an_error() {
    for url in [
        "",
        "redis:",
        "nats://127.0.0.1",
        "redis://[",
        "redis://:secret@host:port",
    ] {
        let error = Redis::open(url).unwrap_err();
        assert!(error.is_refused(), "{url}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[test]
fn passwords_are_not_printed() {
    let redis = Redis::open("redis://user:secret@127.0.0.1:1").unwrap();
    assert!(!format!("{redis:?}").contains("secret"));
}

#[tokio::test]
async fn a_wrong_password_is_an_error() {
    let server = EngineServer::redis(&["--requirepass", "right"]);
    let error = over(engine(&server), options()).await.unwrap_err();
    assert!(error.is_refused(), "{error}");
    let wrong = engine(&server).credentials("default", "wrong");
    let error = over(wrong, options()).await.unwrap_err();
    assert!(
        error.is_refused() && error.to_string().contains("WRONGPASS"),
        "{error}"
    );
    let right = format!("redis://:right@127.0.0.1:{}", server.port());
    let right = Redis::open(&right).unwrap();
    assert!(over(right, options()).await.is_ok());
}

#[tokio::test]
async fn a_user_needs_few_rights() {
    let server = EngineServer::redis(&[]);
    let user = [
        "ACL",
        "SETUSER",
        "shop",
        "on",
        ">secret",
        "+publish",
        "+subscribe",
        "+unsubscribe",
    ];
    server.tell(&[&user[..], &["resetchannels", "&shop:*"]].concat());
    let engine = engine(&server).credentials("shop", "secret");
    let error = over(engine.clone(), options()).await.unwrap_err();
    assert!(
        error.is_refused() && error.to_string().contains("no permissions"),
        "{error}"
    );
    let channels = over(engine.prefix("shop").unwrap(), options())
        .await
        .unwrap();
    let mut lobby = channels.subscribe("lobby");
    channels.publish("lobby", "hello");
    assert_eq!(next(&mut lobby, 1).await, ["hello"]);
}

#[tokio::test]
async fn applications_are_kept_apart_by_prefixes() {
    let server = EngineServer::redis(&[]);
    let one = over(engine(&server).prefix("one").unwrap(), options())
        .await
        .unwrap();
    let two = over(engine(&server).prefix("two").unwrap(), options())
        .await
        .unwrap();
    let mut there = two.subscribe("lobby");
    flush(&two).await;
    one.publish("lobby", "hello");
    flush(&one).await;
    flush(&two).await;
    assert!(heard(&mut there).is_empty());
}

/// As documented, so that operators can inspect and restrict it.
#[tokio::test]
async fn a_channel_has_a_readable_name() {
    let server = EngineServer::redis(&[]);
    let channels = start(&server).await;
    let _lobby = channels.subscribe("lobby");
    flush(&channels).await;
    assert_eq!(
        server.tell(&["PUBSUB", "CHANNELS", "*lobby"]),
        "autumn-ws:channel:lobby"
    );
}

#[tokio::test]
async fn strangers_are_ignored() {
    let server = EngineServer::redis(&[]);
    let channels = start(&server).await;
    let mut lobby = channels.subscribe("lobby");
    flush(&channels).await;
    for name in ["autumn-ws:channel:lobby", "autumn-ws:replicas"] {
        assert_eq!(server.tell(&["PUBLISH", name, "hello"]), "1");
    }
    flush(&channels).await;
    assert!(heard(&mut lobby).is_empty());
}

#[tokio::test]
async fn it_is_killed_and_restarted() {
    let server = EngineServer::redis(&[]);
    outages::killed_and_started_again(engine(&server), server).await;
}

#[tokio::test]
async fn it_stops_answering_and_recovers() {
    let server = EngineServer::redis(&[]);
    outages::stopped_and_resumed(engine(&server), server).await;
}

#[tokio::test]
async fn it_is_away_at_the_start() {
    let server = EngineServer::redis(&[]);
    outages::away_at_the_start(engine(&server), server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_killed_under_load() {
    let server = EngineServer::redis(&[]);
    outages::killed_under_load(engine(&server), server).await;
}

#[tokio::test]
async fn it_cuts_the_connection() {
    let server = EngineServer::redis(&[]);
    let channels = start(&server).await;
    let mut lobby = channels.subscribe("lobby");
    flush(&channels).await;
    server.tell(&["CLIENT", "KILL", "TYPE", "pubsub"]);
    down(&channels).await;
    flush(&channels).await;
    channels.publish("lobby", "together");
    assert_eq!(next(&mut lobby, 2).await, ["GAP", "together"]);
}

#[tokio::test]
async fn its_password_changes_and_changes_back() {
    let mut server = EngineServer::redis(&[]);
    let channels = start(&server).await;
    server.kill();
    server.run_with(&["--requirepass", "other"]);
    down(&channels).await;
    assert!(!channels.flush(SHORT).await);
    server.kill();
    server.run_with(&[]);
    flush(&channels).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_are_cut_under_load() {
    let server = EngineServer::redis(&[]);
    cuts::cut_by_the_network(engine_at, server).await;
}

#[tokio::test]
async fn the_network_to_it_dies() {
    let server = EngineServer::redis(&[]);
    cuts::dead(engine_at, server).await;
}

#[tokio::test]
async fn nothing_reaches_it_any_more() {
    let server = EngineServer::redis(&[]);
    cuts::dead_in_one_direction(engine_at, server, Direction::ToServer).await;
}

#[tokio::test]
async fn nothing_arrives_from_it_any_more() {
    let server = EngineServer::redis(&[]);
    cuts::dead_in_one_direction(engine_at, server, Direction::ToReplica).await;
}

/// Killed by an administrator, by number.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_are_killed_under_load() {
    let server = EngineServer::redis(&[]);
    let replicas = [start(&server).await, start(&server).await];
    cuts::cut_under_load(replicas, async |_| {
        // The older connection: the one that was not killed last time.
        let ids = clients(&server);
        server.tell(&[
            "CLIENT",
            "KILL",
            "ID",
            &ids.iter().min().unwrap().to_string(),
        ]);
    })
    .await;
}

/// The numbers of our connections.
fn clients(server: &EngineServer) -> Vec<u64> {
    let list = server.tell(&["CLIENT", "LIST", "TYPE", "pubsub"]);
    let id = |line: &str| line.strip_prefix("id=")?.split(' ').next()?.parse().ok();
    list.lines().filter_map(id).collect()
}

#[tokio::test]
async fn it_buffers_little_for_slow_readers() {
    let limit = ["--client-output-buffer-limit", "pubsub 1mb 0 0"];
    let server = EngineServer::redis(&limit);
    cuts::reads_too_slowly(engine_at, server).await;
}

/// It accepts connections and subscriptions, and lets publishers wait.
#[tokio::test]
async fn it_is_paused() {
    let server = EngineServer::redis(&[]);
    let hasty = options().timeout(cuts::TIMEOUT);
    let here = over(engine(&server), hasty).await.unwrap();
    let there = start(&server).await;
    let [mut own, mut others] = [&here, &there].map(|channels| channels.subscribe("lobby"));
    flush(&here).await;
    flush(&there).await;
    server.tell(&["CLIENT", "PAUSE", "600000", "WRITE"]);
    here.publish("lobby", "on its way");
    assert_eq!(next(&mut own, 1).await, ["on its way"]);
    assert!(!here.flush(2 * cuts::TIMEOUT).await);
    server.tell(&["CLIENT", "UNPAUSE"]);
    flush(&here).await;
    flush(&there).await;
    here.publish("lobby", "together");
    assert_eq!(told(until(&mut own, "together").await), ["GAP"]);
    // What waited in an abandoned connection is let through first, or dropped.
    let told = told(until(&mut others, "together").await);
    assert!(told == ["GAP"] || told == ["on its way", "GAP"], "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_has_no_faults() {
    let server = EngineServer::redis(&[]);
    calm::nobody_is_cut_off(engine(&server)).await;
}
