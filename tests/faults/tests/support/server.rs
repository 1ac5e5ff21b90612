//! The process under test.

use rustix::process::{Resource, getrlimit, setrlimit};
use serde_json::Value;
use std::{net::SocketAddr, ops::Range, process::ExitStatus};
use test_kit::{PATIENCE, Process, Socket, connect, read_head, soon};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::Command,
    sync::Mutex,
    time::{Duration, sleep, timeout},
};

/// The number of messages in a flood, and their size.
pub const FLOOD: u64 = 300;
pub const FLOOD_SIZE: usize = 64 * 1024;

const APP: &str = env!("CARGO_BIN_EXE_fault-app");

/// The application in a process of its own.
pub struct Server {
    pub addr: SocketAddr,
    process: Process,
    /// One connection for all control requests, so that they cost the same at any time.
    control: Mutex<TcpStream>,
}

/// What a process holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measures {
    pub tasks: usize,
    pub sessions: usize,
    pub channels: usize,
    pub listeners: usize,
    pub files: usize,
}

impl Server {
    /// The application on the runtime's server.
    pub async fn start() -> Self {
        Self::run(&[]).await
    }

    /// The application on axum's server, drained by hand.
    pub async fn start_by_hand() -> Self {
        Self::run(&["by-hand"]).await
    }

    /// The application, limited to this many open files.
    pub async fn start_with_files(count: u32) -> Self {
        let limited = format!("ulimit -n {count}; exec \"$0\"");
        let mut command = Command::new("sh");
        command.args(["-c", &limited, APP]);
        Self::spawn(command).await
    }

    async fn run(args: &[&str]) -> Self {
        allow_many_files();
        let mut command = Command::new(APP);
        command.args(args);
        Self::spawn(command).await
    }

    async fn spawn(mut command: Command) -> Self {
        let process = Process::start(&mut command);
        let line = process.out.wait_for(&["listening "]).await;
        let addr = line.trim_start_matches("listening ").parse().unwrap();
        Self {
            addr,
            process,
            control: Mutex::new(connect(addr).await),
        }
    }

    pub async fn open(&self, path: &str) -> Socket {
        Socket::open(self.addr, path).await
    }

    /// Publishes a run of numbers on a channel, each in a message of this size. Returns how many
    /// listeners the first one reached.
    pub async fn publish(&self, channel: &str, numbers: Range<u64>, size: usize) -> usize {
        let (from, count) = (numbers.start, numbers.end - numbers.start);
        let path = format!("publish?channel={channel}&from={from}&count={count}&size={size}");
        self.control(&path).await.parse().unwrap()
    }

    /// Publishes more than the operating system buffers for a connection. Returns how many
    /// listeners it reached.
    pub async fn flood(&self, channel: &str) -> usize {
        self.publish(channel, 0..FLOOD, FLOOD_SIZE).await
    }

    pub async fn measures(&self) -> Measures {
        let text = self.control("measures").await;
        Measures {
            tasks: number(&text, "tasks "),
            sessions: number(&text, "sessions "),
            channels: number(&text, "channels "),
            listeners: number(&text, "listeners "),
            files: number(&text, "files "),
        }
    }

    /// Resident memory, in KiB.
    pub async fn resident(&self) -> usize {
        number(&self.control("measures").await, "resident ")
    }

    /// Waits until the process holds no more than it did.
    pub async fn settles_at(&self, before: Measures) {
        self.settles(|now| now == before, &format!("{before:?}"))
            .await;
    }

    /// Waits until this is true of what the process holds.
    pub async fn settles(&self, is_so: impl Fn(Measures) -> bool, what: &str) {
        // Connections are accepted in order: from here on it holds all earlier ones.
        drop(self.kept_alive().await);
        let mut now = self.measures().await;
        let settled = async {
            while !is_so(now) {
                sleep(Duration::from_millis(10)).await;
                now = self.measures().await;
            }
        };
        let settled = timeout(PATIENCE, settled).await;
        assert!(settled.is_ok(), "waited for {what}, and it is {now:?}");
    }

    /// A counter, such as `endpoints/echo/panics`.
    pub async fn counted(&self, path: &str) -> u64 {
        let counted: Value = serde_json::from_str(&self.control("metrics").await).unwrap();
        let number = counted.pointer(&format!("/{path}")).and_then(Value::as_u64);
        number.unwrap_or_default()
    }

    /// Waits for a line of the log that contains all of these.
    pub async fn logged(&self, parts: &[&str]) -> String {
        self.process.log.wait_for(parts).await
    }

    /// Waits for the log line of a session's end, and checks that it contains all of these.
    pub async fn logs_the_end_of(&self, name: SocketAddr, parts: &[&str]) {
        let line = self
            .logged(&[&format!("peer={name}"), "session ended"])
            .await;
        for part in parts {
            assert!(line.contains(part), "{part} is not in: {line}");
        }
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        self.process.terminate();
    }

    /// Waits until the process has ended by itself. Returns its status and what it printed after
    /// its address.
    pub async fn ended(self) -> (ExitStatus, Vec<String>) {
        let (status, printed) = self.process.ended().await;
        (status, printed[1..].to_vec())
    }

    /// A connection that has had the response to a plain request.
    pub async fn kept_alive(&self) -> TcpStream {
        let mut stream = connect(self.addr).await;
        soon("an answer", get(&mut stream, "measures")).await;
        stream
    }

    async fn control(&self, path: &str) -> String {
        let mut stream = self.control.lock().await;
        soon("an answer", get(&mut stream, path)).await
    }
}

/// Sends a request to the process, and reads the response.
async fn get(stream: &mut TcpStream, path: &str) -> String {
    let request = format!("GET /control/{path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let head = read_head(stream).await.to_lowercase();
    assert!(head.starts_with("http/1.1 200 "), "{path}: {head}");
    let mut body = vec![0; number(&head, "content-length: ")];
    stream.read_exact(&mut body).await.unwrap();
    String::from_utf8(body).unwrap()
}

/// Tests with many sockets need more files than a shell allows by default. Children inherit the
/// limit.
fn allow_many_files() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
}

fn number(text: &str, name: &str) -> usize {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap().parse().unwrap()
}
