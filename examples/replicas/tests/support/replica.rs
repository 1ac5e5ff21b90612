//! A replica in a process of its own.

use std::net::SocketAddr;
use std::process::{ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::watch;

use super::{Engine, soon, until};

/// A replica of the example, which ends when this is dropped.
pub struct Replica {
    pub addr: SocketAddr,
    process: Child,
    /// Its standard input: the process ends when this does.
    _leash: ChildStdin,
    /// What it logged.
    log: watch::Receiver<Vec<String>>,
}

impl Replica {
    pub async fn start(engine: &Engine) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_replicas"))
            .arg("replica")
            .env("ADDRESS", "127.0.0.1:0")
            .env("AUTUMN_WS_CHANNELS", engine.url())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut out = lines(process.stdout.take().unwrap());
        let log = lines(process.stderr.take().unwrap());
        let line = wait_for_line(&mut out, "listening on http://").await;
        Self {
            addr: line.rsplit('/').next().unwrap().parse().unwrap(),
            _leash: process.stdin.take().unwrap(),
            process,
            log,
        }
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
        get(self.addr, path).await
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
        wait_for_line(&mut self.log.clone(), part).await
    }

    /// Kills it.
    pub async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        let id = self.process.id().unwrap().cast_signed();
        kill_process(Pid::from_raw(id).unwrap(), Signal::TERM).unwrap();
    }

    /// Waits until it has ended by itself.
    pub async fn ended(mut self) -> ExitStatus {
        soon("the end of the process", self.process.wait())
            .await
            .unwrap()
    }
}

/// Prints the end of the log, if the test has failed.
impl Drop for Replica {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log.borrow();
            let last = &log[log.len().saturating_sub(20)..];
            eprintln!("{} logged:\n{}\n", self.addr, last.join("\n"));
        }
    }
}

/// Sends a request, and returns the status and body of the response.
pub async fn get(addr: SocketAddr, path: &str) -> (u16, String) {
    let answer = async {
        let mut stream = TcpStream::connect(addr).await.unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let answer = soon("an answer", answer).await;
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    (status, body.to_owned())
}

/// Collects the lines of an output.
pub fn lines(from: impl AsyncRead + Unpin + Send + 'static) -> watch::Receiver<Vec<String>> {
    let (sender, receiver) = watch::channel(Vec::new());
    let mut lines = BufReader::new(from).lines();
    tokio::spawn(async move {
        while let Ok(Some(line)) = lines.next_line().await {
            sender.send_modify(|lines| lines.push(line));
        }
    });
    receiver
}

/// Waits for a line that contains this.
pub async fn wait_for_line(lines: &mut watch::Receiver<Vec<String>>, part: &str) -> String {
    let is_it = |line: &&String| line.contains(part);
    let found = lines.wait_for(|lines| lines.iter().any(|line| is_it(&line)));
    let lines = soon(&format!("a line with {part:?}"), found).await.unwrap();
    lines.iter().find(is_it).unwrap().clone()
}
