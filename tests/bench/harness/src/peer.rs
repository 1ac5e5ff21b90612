//! The servers that are compared.

use crate::{measures::Measure, prepare};
use clap::ValueEnum;
use std::process::Command;

/// A server that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Peer {
    AutumnGen,
    Axum,
}

impl Peer {
    /// What it is called on the command line and in the results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AutumnGen => "autumn-gen",
            Self::Axum => "axum",
        }
    }

    /// Whether something can be measured of it.
    #[expect(clippy::unused_self, reason = "not all peers take all")]
    pub const fn takes(self, measure: Measure) -> bool {
        match measure {
            Measure::Fanout | Measure::Echo | Measure::Idle => true,
        }
    }

    /// The command that starts it, where it has been [prepared](prepare::prepare).
    pub fn command(self) -> Command {
        match self {
            Self::AutumnGen | Self::Axum => Command::new(prepare::binary(self)),
        }
    }
}
