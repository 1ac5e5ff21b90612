//! The order of commands does not depend on tokio's task budget.

use crate::replica::{expect, flush, next, options};
use autumn_ws_replicas::{
    Command, Connection, Engine, EngineError, Inbox, Redis, RedisConnection, connect,
};
use std::{future::poll_fn, task::Poll};
use test_kit::EngineServer;
use tokio::task::{coop, yield_now};

/// Redis, used by a task that must yield before every second command.
struct Tired(Redis);

struct TiredConnection {
    redis: RedisConnection,
    sent: u64,
}

impl Engine for Tired {
    type Connection = TiredConnection;

    fn address(&self) -> String {
        self.0.address()
    }

    async fn connect(&mut self, inbox: Inbox) -> Result<TiredConnection, EngineError> {
        let redis = self.0.connect(inbox).await?;
        Ok(TiredConnection { redis, sent: 0 })
    }
}

impl Connection for TiredConnection {
    async fn send(&mut self, batch: &mut Vec<Command>) -> Result<(), EngineError> {
        for command in batch.drain(..) {
            self.sent += 1;
            if self.sent.is_multiple_of(2) {
                tire().await;
            }
            self.redis.send(&mut vec![command]).await?;
            yield_now().await;
        }
        Ok(())
    }

    async fn lost(&mut self) -> EngineError {
        self.redis.lost().await
    }
}

/// Uses up the task budget, so that the task must yield.
async fn tire() {
    poll_fn(|cx| {
        while let Poll::Ready(budget) = coop::poll_proceed(cx) {
            budget.made_progress();
        }
        Poll::Ready(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_changes_no_order() {
    let server = EngineServer::redis(&[]);
    let redis = Redis::open(&format!("redis://127.0.0.1:{}", server.port())).unwrap();
    let here = connect(Tired(redis.clone()), options());
    let here = expect(here).await.unwrap();
    let there = expect(connect(redis, options())).await.unwrap();
    let mut lobby = there.subscribe("lobby");
    flush(&there).await;
    let words: Vec<_> = (0..20).map(|n| n.to_string()).collect();
    for word in &words {
        here.publish("lobby", word);
    }
    assert_eq!(next(&mut lobby, words.len()).await, words);
}
