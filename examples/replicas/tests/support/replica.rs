//! A replica in a process of its own.

use super::Engine;
use serde_json::Value;
use std::{net::SocketAddr, process::ExitStatus};
use test_kit::{Process, http, until};
use tokio::process::Command;

/// A replica of the example, which ends with the test.
pub struct Replica {
    pub addr: SocketAddr,
    process: Process,
}

impl Replica {
    pub async fn start(engine: &Engine) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_replicas"));
        command.arg("replica").env("ADDRESS", "127.0.0.1:0");
        command.env("AUTUMN_WS_CHANNELS", engine.url());
        let process = Process::start(&mut command);
        let line = process.out.wait_for(&["listening on http://"]).await;
        let addr = line.rsplit('/').next().unwrap().parse().unwrap();
        Self { addr, process }
    }

    pub async fn start_many(engine: &Engine, count: usize) -> Vec<Self> {
        let mut replicas = Vec::new();
        for _ in 0..count {
            replicas.push(Self::start(engine).await);
        }
        replicas
    }

    /// Its response to a request.
    async fn get(&self, path: &str) -> (u16, String) {
        http(self.addr, "GET", path).await
    }

    /// A counter, such as `engine/ignored`.
    pub async fn counted(&self, path: &str) -> u64 {
        let (_, body) = self.get("/sockets").await;
        let counted: Value = serde_json::from_str(&body).unwrap();
        let number = counted.pointer(&format!("/{path}"));
        number.and_then(Value::as_u64).unwrap()
    }

    /// Waits until a counter reaches this value.
    pub async fn counts(&self, path: &str, at_least: u64) {
        let what = format!("{} to count {path} up to {at_least}", self.addr);
        until(&what, async || self.counted(path).await >= at_least).await;
    }

    /// Waits until its readiness is this.
    pub async fn is_ready(&self, ready: bool) {
        let status = if ready { 200 } else { 503 };
        let what = format!("{} to answer {status}", self.addr);
        until(&what, async || self.get("/ready").await.0 == status).await;
    }

    /// Waits for a line in its log.
    pub async fn logged(&self, part: &str) -> String {
        self.process.log.wait_for(&[part]).await
    }

    /// Kills it.
    pub async fn kill(self) {
        self.process.kill().await;
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        self.process.terminate();
    }

    /// Waits until it has ended by itself.
    pub async fn ended(self) -> ExitStatus {
        self.process.ended().await.0
    }
}
