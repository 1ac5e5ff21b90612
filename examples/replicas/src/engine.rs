//! The server that carries channels between replicas.

use std::{io, path::Path, process::Stdio};
use tokio::process::{Child, Command};

/// An engine's program.
#[derive(Debug)]
pub struct Program {
    name: &'static str,
    scheme: &'static str,
    get_it: &'static str,
    arguments: &'static [&'static str],
    folder: &'static str,
}

/// Redis, with nothing stored on disk.
pub const REDIS: Program = Program {
    name: "redis-server",
    scheme: "redis",
    get_it: "Debian: apt-get install redis-server, macOS: brew install redis",
    arguments: &["--bind", "127.0.0.1", "--save", "", "--loglevel", "warning"],
    folder: "--dir",
};

/// NATS with JetStream, which orders messages.
pub const NATS: Program = Program {
    name: "nats-server",
    scheme: "nats",
    get_it: "Debian: apt-get install nats-server, macOS: brew install nats-server",
    arguments: &["--addr", "127.0.0.1", "--jetstream"],
    folder: "--store_dir",
};

impl Program {
    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The URL that replicas connect to.
    #[must_use]
    pub fn url(&self, port: u16) -> String {
        format!("{}://127.0.0.1:{port}", self.scheme)
    }

    /// Starts it in a folder of its own.
    ///
    /// # Errors
    ///
    /// If it is not installed, or does not start.
    pub fn start(&self, port: u16, folder: &Path) -> io::Result<Child> {
        let mut command = Command::new(self.name);
        command.args(self.arguments);
        command.arg("--port").arg(port.to_string());
        command.arg(self.folder).arg(folder);
        command.stdin(Stdio::null()).kill_on_drop(true);
        // Ctrl-C must not reach the engine: replicas still say goodbye through it.
        #[cfg(unix)]
        command.process_group(0);
        command.spawn().map_err(|error| {
            let Self { name, get_it, .. } = self;
            io::Error::new(
                error.kind(),
                format!("{name} does not start ({error}): is it installed? {get_it}"),
            )
        })
    }
}
