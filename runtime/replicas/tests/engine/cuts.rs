//! Failing networks to real servers.

use crate::{
    network::{Cut, Direction, Network},
    replica::{expect, flush, heard, next, options, over, told, until},
};
use autumn_ws_core::{Channels, Subscription};
use autumn_ws_replicas::{Engine, connect};
use std::time::Duration;
use test_kit::EngineServer;

/// The engine's timeout in tests in which it must expire, though the network is fast before and
/// afterwards.
pub const TIMEOUT: Duration = Duration::from_millis(500);

/// Two replicas whose connections are cut in turn while messages are in flight; even numbers are
/// the publisher's connections.
pub async fn cut_under_load([here, there]: [Channels; 2], cut: impl AsyncFn(usize)) {
    let mut own = here.subscribe_with_capacity("lobby", 1 << 20);
    let mut others = there.subscribe_with_capacity("lobby", 1 << 20);
    let [mut here_heard, mut there_heard] = [Vec::new(), Vec::new()];
    let mut count = 0;
    for number in 0..CUTS {
        flush(&here).await;
        flush(&there).await;
        publish(&here, &mut count).await;
        tokio::join!(cut(number), publish(&here, &mut count));
        flush(&here).await;
        flush(&there).await;
        // One at a time, because unread gaps merge into one.
        here.publish("lobby", "so far");
        here_heard.append(&mut until(&mut own, "so far").await);
        there_heard.append(&mut until(&mut others, "so far").await);
    }
    let mine: Vec<_> = here_heard.iter().filter(|word| *word != "GAP").collect();
    assert!(
        mine.iter()
            .map(|n| n.parse::<usize>().unwrap())
            .eq(0..count)
    );
    let gaps = here_heard.len() - mine.len();
    assert!(gaps >= CUTS / 2, "its own cuts were not told: {gaps}");
    assert!(there_heard.iter().any(|word| word == "GAP"));
    assert_complete(&there_heard, count);
}

const CUTS: usize = 8;

/// Connections cut by the network.
pub async fn cut_by_the_network<E: Engine>(engine: impl Fn(u16) -> E, server: EngineServer) {
    let networks = [
        Network::to(server.port()).await,
        Network::to(server.port()).await,
    ];
    let [here, there] = networks.each_ref().map(|network| engine(network.port()));
    let here = over(here, options()).await.unwrap();
    let there = over(there, options()).await.unwrap();
    cut_under_load([here, there], async |number| {
        let how = [Cut::Reset, Cut::Close][number / 2 % 2];
        networks[number % 2].cut(how).await;
    })
    .await;
}

/// Publishes the next numbers.
async fn publish(channels: &Channels, count: &mut usize) {
    for n in 0..500 {
        channels.publish("lobby", count.to_string());
        *count += 1;
        if n % 16 == 0 {
            tokio::task::yield_now().await;
        }
    }
}

/// Checks that numbers are in order, with a gap where some are missing.
fn assert_complete(heard: &[String], count: usize) {
    let mut expected = 0;
    let mut is_gap = false;
    for word in heard {
        if word == "GAP" {
            is_gap = true;
            continue;
        }
        let n: usize = word.parse().unwrap();
        let is_next = n == expected || is_gap && n > expected;
        assert!(is_next, "{n} comes where {expected} should");
        (expected, is_gap) = (n + 1, false);
    }
    assert!(is_gap || expected == count, "{expected} of {count} came");
}

/// A replica behind the network, and one beside the server, each with a listener in the lobby.
async fn pair<E: Engine>(
    engine: &impl Fn(u16) -> E,
    network: &Network,
    server: &EngineServer,
) -> [(Channels, Subscription); 2] {
    let hasty = options().timeout(TIMEOUT);
    let here = over(engine(network.port()), hasty).await.unwrap();
    let there = over(engine(server.port()), options()).await.unwrap();
    let lobbies = [here.subscribe("lobby"), there.subscribe("lobby")];
    flush(&here).await;
    flush(&there).await;
    let [own, others] = lobbies;
    [(here, own), (there, others)]
}

/// The network silently dies in one direction. It delivers what was in flight when there is already
/// another connection.
pub async fn dead_in_one_direction<E: Engine>(
    engine: impl Fn(u16) -> E,
    server: EngineServer,
    direction: Direction,
) {
    let network = Network::to(server.port()).await;
    let [(here, mut own), (there, mut others)] = pair(&engine, &network, &server).await;
    network.hold(direction);
    here.publish("lobby", "on its way");
    // The outage is noticed.
    assert_eq!(next(&mut own, 1).await, ["on its way"]);
    flush(&here).await;
    here.publish("lobby", "together");
    assert_eq!(until(&mut own, "together").await, ["GAP"]);
    let told = told(until(&mut others, "together").await);
    match direction {
        Direction::ToServer => assert_eq!(told, ["GAP"]),
        Direction::ToReplica => assert_eq!(told, ["on its way", "GAP"]),
    }
    network.release();
    network.settled().await;
    here.publish("lobby", "the end");
    assert_eq!(next(&mut own, 1).await, ["the end"]);
    assert_eq!(next(&mut others, 1).await, ["the end"]);
    flush(&here).await;
    flush(&there).await;
    assert!(heard(&mut own).is_empty() && heard(&mut others).is_empty());
}

/// Nothing gets through any more, not even on new connections.
pub async fn dead<E: Engine>(engine: impl Fn(u16) -> E, server: EngineServer) {
    let network = Network::to(server.port()).await;
    let [(here, mut own), (there, mut others)] = pair(&engine, &network, &server).await;
    network.die();
    here.publish("lobby", "on its way");
    assert_eq!(next(&mut own, 1).await, ["on its way"]);
    assert!(!here.is_connected());
    // Attempts to connect also time out.
    assert!(!here.flush(2 * TIMEOUT).await);
    here.publish("lobby", "alone");
    there.publish("lobby", "there");
    assert_eq!(next(&mut own, 1).await, ["alone"]);
    assert_eq!(next(&mut others, 1).await, ["there"]);
    network.release();
    flush(&here).await;
    here.publish("lobby", "together");
    assert_eq!(told(until(&mut own, "together").await), ["GAP"]);
    let told = told(until(&mut others, "together").await);
    // It may still arrive, but then before new messages.
    assert!(told == ["GAP"] || told == ["on its way", "GAP"], "{told:?}");
}

/// A server with small output buffers cuts off slow readers.
pub async fn reads_too_slowly<E: Engine>(engine: impl Fn(u16) -> E, server: EngineServer) {
    const MESSAGES: usize = 100;
    let network = Network::to(server.port()).await;
    let here = connect(engine(server.port()), options());
    let here = expect(here).await.unwrap();
    let patient = options().timeout(Duration::from_mins(1));
    let there = connect(engine(network.port()), patient);
    let there = expect(there).await.unwrap();
    let mut others = there.subscribe_with_capacity("lobby", 2 * MESSAGES);
    flush(&there).await;
    network.hold(Direction::ToReplica);
    // More than all sockets on the way can hold.
    let padding = "x".repeat(300_000);
    for n in 0..MESSAGES {
        here.publish("lobby", format!("{n} {padding}"));
    }
    flush(&here).await;
    network.release();
    network.back().await;
    flush(&there).await;
    here.publish("lobby", "the end");
    let mut heard = until(&mut others, "the end").await;
    for word in &mut heard {
        word.truncate(word.find(' ').unwrap_or(word.len()));
    }
    assert_complete(&heard, MESSAGES);
    assert_eq!(heard.last().unwrap(), "GAP");
    assert!(heard.len() < MESSAGES, "everything came");
}
