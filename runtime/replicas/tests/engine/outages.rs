//! Outages of real servers.

use crate::replica::{SHORT, down, expect, flush, heard, next, options, over, until};
use autumn_ws_replicas::{Engine, connect};
use std::collections::BTreeSet;
use test_kit::EngineServer;

pub async fn killed_and_started_again<E: Engine>(engine: E, mut server: EngineServer) {
    let channels = over(engine, options()).await.unwrap();
    let mut lobby = channels.subscribe("lobby");
    flush(&channels).await;
    server.kill();
    down(&channels).await;
    channels.publish("lobby", "alone");
    assert_eq!(heard(&mut lobby), ["alone"]);
    server.run();
    flush(&channels).await;
    channels.publish("lobby", "together");
    assert_eq!(next(&mut lobby, 2).await, ["GAP", "together"]);
}

pub async fn stopped_and_resumed<E: Engine>(engine: E, server: EngineServer) {
    let options = options().timeout(SHORT);
    let channels = over(engine, options).await.unwrap();
    let mut lobby = channels.subscribe("lobby");
    flush(&channels).await;
    server.pause();
    channels.publish("lobby", "on its way");
    assert_eq!(next(&mut lobby, 1).await, ["on its way"]);
    assert!(!channels.is_connected());
    server.resume();
    flush(&channels).await;
    channels.publish("lobby", "together");
    assert_eq!(next(&mut lobby, 2).await, ["GAP", "together"]);
}

pub async fn away_at_the_start<E: Engine>(engine: E, mut server: EngineServer) {
    server.kill();
    let starting = tokio::spawn(connect(engine, options()));
    tokio::task::yield_now().await;
    assert!(!starting.is_finished());
    server.run();
    assert!(expect(starting).await.unwrap().is_ok());
}

/// Checks that nobody hears anything twice, that the publisher hears everything, and others
/// everything or a gap.
pub async fn killed_under_load<E: Engine + Clone>(engine: E, mut server: EngineServer) {
    const MESSAGES: usize = 20_000;
    let here = over(engine.clone(), options()).await.unwrap();
    let there = over(engine, options()).await.unwrap();
    let mut own = here.subscribe_with_capacity("lobby", 1 << 20);
    let mut others = there.subscribe_with_capacity("lobby", 1 << 20);
    flush(&there).await;
    for n in 0..MESSAGES {
        here.publish("lobby", format!("{n}"));
        if n == MESSAGES / 3 {
            server.kill();
        }
        if n == 2 * MESSAGES / 3 {
            down(&here).await;
            server.run();
        }
        if n % 16 == 0 {
            tokio::task::yield_now().await;
        }
    }
    flush(&here).await;
    flush(&there).await;
    here.publish("lobby", "the end");
    let own = until(&mut own, "the end").await;
    let others = until(&mut others, "the end").await;
    let mine: Vec<_> = own.iter().filter(|word| *word != "GAP").cloned().collect();
    let all: Vec<_> = (0..MESSAGES).map(|n| n.to_string()).collect();
    assert!(mine == all, "of {MESSAGES} messages, {} came", mine.len());
    let gaps = own.len() - mine.len();
    assert_eq!(gaps, 1);
    let theirs: Vec<_> = others.iter().filter(|word| *word != "GAP").collect();
    let once: BTreeSet<_> = theirs.iter().collect();
    assert_eq!(once.len(), theirs.len());
    assert!(theirs.len() < MESSAGES);
    assert!(
        others.len() > theirs.len(),
        "nobody said that something is missing"
    );
}
