//! The engines.

use crate::{
    server::{free_address, with_us},
    usage::Cpu,
};
use anyhow::{Context, Result, bail};
use std::{
    env, fs,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// A server on a free port of loopback, with nothing on disk. It ends when this is dropped.
pub struct Broker {
    child: Child,
    url: String,
    /// The folder for what JetStream must store.
    folder: PathBuf,
}

impl Broker {
    /// Redis, with its defaults.
    pub fn redis() -> Result<Self> {
        Self::start("redis", |port, _| {
            let mut redis = Command::new("redis-server");
            redis.args(["--port", port, "--bind", "127.0.0.1"]);
            redis.args(["--save", "", "--appendonly", "no"]);
            redis
        })
    }

    /// NATS, with its defaults and JetStream, which autumn-ws needs.
    pub fn nats() -> Result<Self> {
        Self::start("nats", |port, folder| {
            let mut nats = Command::new("nats-server");
            nats.args(["--port", port, "--addr", "127.0.0.1", "--jetstream"]);
            nats.arg("--store_dir").arg(folder);
            nats
        })
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its CPU time so far.
    pub fn cpu(&self) -> Result<Cpu> {
        Cpu::of(self.child.id())
    }

    fn start(scheme: &str, command: impl Fn(&str, &Path) -> Command) -> Result<Self> {
        let address = free_address()?;
        let port = address.port().to_string();
        let folder = env::temp_dir().join(format!("autumn-bench-{scheme}-{port}"));
        let child = with_us(&command(&port, &folder))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut broker = Self {
            child,
            url: format!("{scheme}://{address}"),
            folder,
        };
        let deadline = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(address).is_err() {
            if let Some(status) = broker.child.try_wait().context(scheme.to_owned())? {
                bail!("the server of {scheme} ended with {status}");
            }
            if Instant::now() > deadline {
                bail!("the server of {scheme} does not listen");
            }
            sleep(Duration::from_millis(10));
        }
        Ok(broker)
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        fs::remove_dir_all(&self.folder).ok();
    }
}
