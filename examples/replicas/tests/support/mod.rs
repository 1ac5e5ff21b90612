//! Engines, replicas, and clients that know what they have heard.

mod engine;
mod log;
mod member;
mod replica;

pub use engine::{Engine, Kind};
pub use log::{Log, check};
pub use member::{Board, Member};
pub use replica::Replica;

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
