//! The compared servers.

use crate::{measures::Measure, prepare};
use clap::ValueEnum;
use job::CAPACITY;
use std::{net::SocketAddr, process::Command};

/// A compared server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Peer {
    AutumnGen,
    Axum,
    AutumnWeb,
    Fastwebsockets,
    Bun,
    Uwebsockets,
}

impl Peer {
    /// Its name on the command line and in the results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AutumnGen => "autumn-gen",
            Self::Axum => "axum",
            Self::AutumnWeb => "autumn-web",
            Self::Fastwebsockets => "fastwebsockets",
            Self::Bun => "bun",
            Self::Uwebsockets => "uwebsockets",
        }
    }

    /// Its name in the picture, in two short lines.
    pub const fn title(self) -> [&'static str; 2] {
        match self {
            Self::AutumnGen => ["autumn-", "gen"],
            Self::Axum => ["axum", "by hand"],
            Self::AutumnWeb => ["autumn-", "web"],
            Self::Fastwebsockets => ["fastweb-", "sockets"],
            Self::Bun => ["", "Bun"],
            Self::Uwebsockets => ["uWeb-", "Sockets"],
        }
    }

    /// Whether it can take this measurement.
    pub const fn takes(self, measure: Measure) -> bool {
        match measure {
            Measure::Fanout | Measure::Latency | Measure::Idle | Measure::Connect => true,
            // Each of its messages would go through Python.
            Measure::Echo => !matches!(self, Self::Uwebsockets),
            // tokio's broadcast channels.
            Measure::Publish => matches!(self, Self::AutumnGen | Self::Axum | Self::AutumnWeb),
            // tokio's have no names.
            Measure::Oneshot => matches!(self, Self::AutumnGen | Self::AutumnWeb),
        }
    }

    /// The command that starts it, once it is [prepared](prepare::prepare).
    pub fn command(self, address: SocketAddr) -> Command {
        let mut command = match self {
            Self::AutumnGen | Self::Axum | Self::Fastwebsockets | Self::AutumnWeb => {
                Command::new(prepare::binary(self))
            }
            Self::Bun => {
                let folder = prepare::folder(self);
                let mut bun = Command::new(folder.join("node_modules/.bin/bun"));
                bun.arg(folder.join("server.ts"));
                bun
            }
            Self::Uwebsockets => {
                let folder = prepare::folder(self);
                let mut python = Command::new(folder.join(".venv/bin/python"));
                python.arg(folder.join("server.py"));
                python
            }
        };
        command.env("ADDRESS", address.to_string());
        if self == Self::AutumnWeb {
            command.envs(autumn_web(address));
        }
        command
    }
}

/// The settings of autumn-web: its production profile, with heartbeat, idle timer and limits, but
/// without a request log, and with the same capacities as the others.
fn autumn_web(address: SocketAddr) -> [(&'static str, String); 8] {
    [
        ("AUTUMN_ENV", "prod".to_owned()),
        ("AUTUMN_SERVER__HOST", address.ip().to_string()),
        ("AUTUMN_SERVER__PORT", address.port().to_string()),
        ("AUTUMN_SERVER__HTTP__MAX_CONNECTIONS", "20000".to_owned()),
        ("AUTUMN_CHANNELS__CAPACITY", CAPACITY.to_string()),
        ("AUTUMN_LOG__LEVEL", "warn".to_owned()),
        // The production profile does not start without it.
        (
            "AUTUMN_SECURITY__TRUSTED_HOSTS__HOSTS",
            address.ip().to_string(),
        ),
        ("AUTUMN_SECURITY__SIGNING_SECRET", "no secret ".repeat(7)),
    ]
}
