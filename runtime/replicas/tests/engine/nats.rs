//! Channels over a real NATS.

use crate::{
    calm, cuts,
    network::Direction,
    outages,
    replica::{SHORT, down, flush, heard, next, options, over},
    sessions,
};
use autumn_ws_core::Channels;
use autumn_ws_replicas::{Nats, testing::conformance};
use test_kit::EngineServer;

/// NATS with JetStream.
fn server(arguments: &[&str]) -> EngineServer {
    EngineServer::nats(&[&["--jetstream"], arguments].concat())
}

fn engine(server: &EngineServer) -> Nats {
    engine_at(server.port())
}

fn engine_at(port: u16) -> Nats {
    Nats::open(&format!("nats://127.0.0.1:{port}")).unwrap()
}

async fn start(server: &EngineServer) -> Channels {
    over(engine(server), options()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_conforms() {
    let server = server(&[]);
    conformance::all(|| engine(&server)).await;
}

#[tokio::test]
async fn sessions_span_replicas() {
    let server = server(&[]);
    sessions::spans_replicas(start(&server).await, start(&server).await).await;
}

#[test]
fn an_invalid_url_is_an_error() {
    for url in [
        "",
        "nats:",
        "redis://127.0.0.1",
        "nats://[",
        "nats://user:secret@host:port",
        "nats://",
    ] {
        let error = Nats::open(url).unwrap_err();
        assert!(error.is_refused(), "{url}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[test]
fn passwords_are_not_printed() {
    let nats = Nats::open("nats://user:secret@127.0.0.1:1").unwrap();
    assert!(!format!("{nats:?}").contains("secret"));
}

#[test]
fn a_prefix_is_one_word() {
    let nats = Nats::open("nats://127.0.0.1").unwrap();
    for prefix in ["", "a.b", "a b", "*", ">", "\u{e9}"] {
        assert!(nats.clone().prefix(prefix).is_err(), "{prefix}");
    }
}

#[tokio::test]
async fn jetstream_is_required() {
    let server = EngineServer::nats(&[]);
    let error = over(engine(&server), options()).await.unwrap_err();
    assert!(
        error.is_refused() && error.to_string().contains("--jetstream"),
        "{error}"
    );
}

#[tokio::test]
async fn a_wrong_password_is_an_error() {
    let server = server(&["--user", "shop", "--pass", "right"]);
    for wrong in [
        engine(&server),
        engine(&server).credentials("shop", "wrong"),
        engine(&server).token("right"),
    ] {
        let error = over(wrong, options()).await.unwrap_err();
        assert!(error.is_refused(), "{error}");
    }
    let right = format!("nats://shop:right@127.0.0.1:{}", server.port());
    let right = Nats::open(&right).unwrap();
    assert!(over(right, options()).await.is_ok());
}

#[tokio::test]
async fn a_token_is_a_login() {
    let server = server(&["--auth", "right"]);
    let right = format!("nats://right@127.0.0.1:{}", server.port());
    let right = Nats::open(&right).unwrap();
    assert!(over(right, options()).await.is_ok());
}

#[tokio::test]
async fn a_user_needs_few_rights() {
    let mut server = server(&[]);
    server.kill();
    let config = server.file(
        "nats.conf",
        r#"
        jetstream {}
        authorization {
            users = [{
                user: shop, password: secret
                permissions: {
                    publish: ["shop.in.>", "$JS.API.STREAM.INFO.shop", "$JS.API.STREAM.CREATE.shop"]
                    subscribe: ["shop.out.>", "_INBOX.>"]
                }
            }]
        }
        "#,
    );
    server.run_with(&["--config", config.to_str().unwrap()]);
    let engine = engine(&server).credentials("shop", "secret");
    let error = over(engine.clone(), options()).await.unwrap_err();
    assert!(error.is_refused(), "{error}");
    let engine = engine.prefix("shop").unwrap();
    let channels = over(engine, options()).await.unwrap();
    let mut lobby = channels.subscribe("lobby");
    channels.publish("lobby", "hello");
    assert_eq!(next(&mut lobby, 1).await, ["hello"]);
}

#[tokio::test]
async fn applications_are_kept_apart_by_prefixes() {
    let server = server(&[]);
    let one = engine(&server).prefix("one").unwrap();
    let two = engine(&server).prefix("two").unwrap();
    let one = over(one, options()).await.unwrap();
    let two = over(two, options()).await.unwrap();
    let mut there = two.subscribe("lobby");
    flush(&two).await;
    one.publish("lobby", "hello");
    flush(&one).await;
    flush(&two).await;
    assert!(heard(&mut there).is_empty());
}

/// They do not fit into a line of the protocol.
#[tokio::test]
async fn very_long_names_stay_here() {
    let server = server(&[]);
    let channels = start(&server).await;
    let long = "\u{e9}".repeat(508);
    let longer = "\u{e9}".repeat(5000);
    let mut subscriptions = [&long, &longer].map(|name| channels.subscribe(name));
    for name in [&long, &longer] {
        channels.publish(name, "hello");
    }
    flush(&channels).await;
    for subscription in &mut subscriptions {
        assert_eq!(next(subscription, 1).await, ["hello"]);
    }
    assert!(channels.is_connected());
}

/// NATS takes 1 MiB, less what is added on the way.
#[tokio::test]
async fn very_large_messages_stay_here() {
    let server = server(&[]);
    let [here, there] = [start(&server).await, start(&server).await];
    let mut own = here.subscribe("lobby");
    let mut others = there.subscribe("lobby");
    flush(&there).await;
    let large = "x".repeat(1_000_000);
    let larger = "x".repeat(2_000_000);
    for text in [&large, &larger, "after"] {
        here.publish("lobby", text);
    }
    let lengths = |words: Vec<String>| words.iter().map(String::len).collect::<Vec<_>>();
    assert_eq!(lengths(next(&mut own, 3).await), [1_000_000, 2_000_000, 5]);
    assert_eq!(lengths(next(&mut others, 3).await), [1_000_000, 3, 5]);
}

#[tokio::test]
async fn it_is_killed_and_restarted() {
    let server = server(&[]);
    outages::killed_and_started_again(engine(&server), server).await;
}

#[tokio::test]
async fn it_stops_answering_and_recovers() {
    let server = server(&[]);
    outages::stopped_and_resumed(engine(&server), server).await;
}

#[tokio::test]
async fn it_is_away_at_the_start() {
    let server = server(&[]);
    outages::away_at_the_start(engine(&server), server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_killed_under_load() {
    let server = server(&[]);
    outages::killed_under_load(engine(&server), server).await;
}

#[tokio::test]
async fn its_password_changes_and_changes_back() {
    let mut server = server(&[]);
    let channels = start(&server).await;
    server.kill();
    server.run_with(&["--jetstream", "--user", "other", "--pass", "other"]);
    down(&channels).await;
    assert!(!channels.flush(SHORT).await);
    server.kill();
    server.run_with(&["--jetstream"]);
    flush(&channels).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_are_cut_under_load() {
    let server = server(&[]);
    cuts::cut_by_the_network(engine_at, server).await;
}

#[tokio::test]
async fn the_network_to_it_dies() {
    let server = server(&[]);
    cuts::dead(engine_at, server).await;
}

#[tokio::test]
async fn nothing_reaches_it_any_more() {
    let server = server(&[]);
    cuts::dead_in_one_direction(engine_at, server, Direction::ToServer).await;
}

#[tokio::test]
async fn nothing_arrives_from_it_any_more() {
    let server = server(&[]);
    cuts::dead_in_one_direction(engine_at, server, Direction::ToReplica).await;
}

#[tokio::test]
async fn it_buffers_little_for_slow_readers() {
    let mut server = server(&[]);
    server.kill();
    let config = server.file("nats.conf", "jetstream {}, max_pending: 1MiB");
    server.run_with(&["--config", config.to_str().unwrap()]);
    cuts::reads_too_slowly(engine_at, server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_has_no_faults() {
    let server = server(&[]);
    calm::nobody_is_cut_off(engine(&server)).await;
}
