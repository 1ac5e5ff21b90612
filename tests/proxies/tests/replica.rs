//! A replica.

use std::net::SocketAddr;
use test_kit::Process;
use tokio::process::Command;

/// The application in a process of its own.
pub struct Replica {
    pub addr: SocketAddr,
    process: Process,
}

impl Replica {
    /// Starts it, with the arguments that say how it serves.
    pub async fn start(args: &[&str]) -> Self {
        let process = Process::start(Command::new(env!("CARGO_BIN_EXE_proxied-app")).args(args));
        let line = process.out.wait_for(&["listening "]).await;
        let addr = line.trim_start_matches("listening ").parse().unwrap();
        Self { addr, process }
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        self.process.terminate();
    }

    /// Waits until it has ended in order.
    pub async fn ended(self) {
        let (status, _) = self.process.ended().await;
        assert_eq!(status.code(), Some(0));
    }
}
