//! What is compared.

use super::{broker::Broker, replica::Replica};
use crate::prepare;
use anyhow::Result;
use clap::ValueEnum;

/// A system: channels, and the engine below them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum System {
    AutumnWsRedis,
    AutumnWebRedis,
    BareRedis,
    AutumnWsNats,
    StreamNats,
    BareNats,
}

impl System {
    /// Its name on the command line and in the results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AutumnWsRedis => "autumn-ws-redis",
            Self::AutumnWebRedis => "autumn-web-redis",
            Self::BareRedis => "bare-redis",
            Self::AutumnWsNats => "autumn-ws-nats",
            Self::StreamNats => "stream-nats",
            Self::BareNats => "bare-nats",
        }
    }

    /// The autumn-ws system on the same engine, with which it is compared.
    pub const fn ours(self) -> Self {
        match self {
            Self::AutumnWsRedis | Self::AutumnWebRedis | Self::BareRedis => Self::AutumnWsRedis,
            Self::AutumnWsNats | Self::StreamNats | Self::BareNats => Self::AutumnWsNats,
        }
    }

    /// Whether it is a bare client, without channels.
    pub const fn is_bare(self) -> bool {
        matches!(self, Self::BareRedis | Self::StreamNats | Self::BareNats)
    }

    /// Starts its engine.
    pub fn broker(self) -> Result<Broker> {
        match self.ours() {
            Self::AutumnWsRedis => Broker::redis(),
            _ => Broker::nats(),
        }
    }

    /// Starts a replica.
    pub fn replica(self, broker: &Broker) -> Result<Replica> {
        let program = match self {
            Self::AutumnWsRedis | Self::AutumnWsNats => "replica-autumn-ws",
            Self::AutumnWebRedis => "replica-autumn-web",
            Self::BareRedis => "replica-bare-redis",
            Self::StreamNats => "replica-stream-nats",
            Self::BareNats => "replica-bare-nats",
        };
        Replica::start(&prepare::program(program), broker.url())
    }
}
