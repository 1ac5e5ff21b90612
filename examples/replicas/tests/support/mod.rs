//! Engines, replicas, and clients that log what they hear.

mod engine;
mod log;
mod member;
mod replica;

/// The servers that the runtime's tests start, too.
#[path = "../../../../runtime/replicas/tests/engine/server.rs"]
#[allow(dead_code, reason = "not all of it is needed here")]
mod server;

pub use engine::{Engine, Kind};
pub use log::{Log, check};
pub use member::{Board, Member};
pub use replica::{Replica, get, lines, wait_for_line};

use std::time::Duration;

/// How long a test waits for one event before it fails.
const PATIENCE: Duration = Duration::from_mins(1);

/// Waits for something that must happen soon.
pub async fn soon<T>(what: &str, wait: impl Future<Output = T>) -> T {
    let Ok(outcome) = tokio::time::timeout(PATIENCE, wait).await else {
        panic!("waited for {what}, and nothing happened");
    };
    outcome
}

/// Polls until a condition holds of which nothing else notifies.
pub async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let asked = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    soon(what, asked).await;
}

/// Runs a test over each of the engines.
macro_rules! over_each_engine {
    ($($name:ident),+ $(,)?) => {
        mod over_redis {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::support::Kind::Redis).await;
            })+
        }

        mod over_nats {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::support::Kind::Nats).await;
            })+
        }
    };
}
pub(crate) use over_each_engine;
