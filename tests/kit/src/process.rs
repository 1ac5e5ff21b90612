//! A program in a process of its own.

use crate::soon;
use rustix::process::{Pid, Signal, kill_process};
use std::process::{ExitStatus, Stdio};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, ChildStdin, Command},
    sync::watch,
};

/// A program under test. It is killed when this is dropped, and a failing test shows what it logged last.
pub struct Process {
    child: Child,
    /// Its standard input, which ends with this process, however that ends.
    leash: Option<ChildStdin>,
    /// What it printed.
    pub out: Lines,
    /// What it logged.
    pub log: Lines,
}

impl Process {
    /// Starts it.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self {
            leash: child.stdin.take(),
            out: Lines::of(child.stdout.take().unwrap()),
            log: Lines::of(child.stderr.take().unwrap()),
            child,
        }
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        let id = Pid::from_raw(self.id().cast_signed()).unwrap();
        kill_process(id, Signal::TERM).unwrap();
    }

    /// Ends its standard input.
    pub fn let_go(&mut self) {
        self.leash = None;
    }

    /// Ends it at once.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Waits until it has ended by itself. Returns its status and all that it printed.
    pub async fn ended(mut self) -> (ExitStatus, Vec<String>) {
        let status = soon("the end of the process", self.child.wait()).await;
        let printed = soon("the rest of its output", self.out.all()).await;
        (status.unwrap(), printed)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log.0.borrow();
            let last = &log[log.len().saturating_sub(20)..];
            eprintln!("the process logged:\n{}\n", last.join("\n"));
        }
    }
}

/// The lines that somebody writes.
#[derive(Clone, Debug)]
pub struct Lines(watch::Receiver<Vec<String>>);

impl Lines {
    /// Collects them.
    pub fn of(from: impl AsyncRead + Unpin + Send + 'static) -> Self {
        let (sender, receiver) = watch::channel(Vec::new());
        let mut lines = BufReader::new(from).lines();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                sender.send_modify(|lines| lines.push(line));
            }
        });
        Self(receiver)
    }

    /// Waits for a line that contains all of these.
    pub async fn wait_for(&self, parts: &[&str]) -> String {
        self.wait_for_many(1, parts).await.swap_remove(0)
    }

    /// Waits for this many lines that contain all of these.
    pub async fn wait_for_many(&self, count: usize, parts: &[&str]) -> Vec<String> {
        let is_one = |line: &&String| parts.iter().all(|part| line.contains(part));
        let mut lines = self.0.clone();
        let found = lines.wait_for(|lines| lines.iter().filter(is_one).count() >= count);
        let lines = soon(&format!("{count} lines with {parts:?}"), found).await;
        let lines = lines.unwrap();
        lines.iter().filter(is_one).cloned().collect()
    }

    /// Waits for their end, and returns all of them.
    async fn all(&mut self) -> Vec<String> {
        while self.0.changed().await.is_ok() {}
        self.0.borrow().clone()
    }
}
