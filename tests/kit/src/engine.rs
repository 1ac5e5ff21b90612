//! Redis and NATS, each server on a free port of its own.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A server in a process of its own, which ends when this is dropped.
pub struct EngineServer {
    program: Program,
    port: u16,
    arguments: Vec<String>,
    folder: TempDir,
    child: Option<Child>,
}

/// A server's program.
struct Program {
    name: &'static str,
    package: &'static str,
    arguments: fn(port: u16, folder: &str) -> Vec<String>,
}

const REDIS: Program = Program {
    name: "redis-server",
    package: "redis-server",
    arguments: |port, folder| {
        let arguments = format!(
            "--port {port} --bind 127.0.0.1 --dir {folder} --save  --appendonly no --loglevel warning"
        );
        arguments.split(' ').map(String::from).collect()
    },
};

const NATS: Program = Program {
    name: "nats-server",
    package: "nats-server",
    arguments: |port, folder| {
        let arguments = format!("--port {port} --addr 127.0.0.1 --store_dir {folder}");
        arguments.split(' ').map(String::from).collect()
    },
};

const SENTINEL: Program = Program {
    name: "redis-server",
    package: "redis-server",
    arguments: |port, folder| {
        let arguments = format!(
            "{folder}/sentinel.conf --sentinel --port {port} --bind 127.0.0.1 --dir {folder}"
        );
        arguments.split(' ').map(String::from).collect()
    },
};

impl EngineServer {
    /// Starts NATS, with more arguments.
    pub fn nats(arguments: &[&str]) -> Self {
        Self::start(NATS, arguments)
    }

    /// Starts Redis, with more arguments.
    pub fn redis(arguments: &[&str]) -> Self {
        Self::start(REDIS, arguments)
    }

    /// Starts a Sentinel of Redis.
    pub fn sentinel() -> Self {
        let mut engine = Self::new(SENTINEL, &[]);
        engine.file("sentinel.conf", "");
        engine.run();
        engine
    }

    fn start(program: Program, arguments: &[&str]) -> Self {
        let mut engine = Self::new(program, arguments);
        engine.run();
        engine
    }

    fn new(program: Program, arguments: &[&str]) -> Self {
        Self {
            program,
            port: free_port(),
            arguments: arguments.iter().map(|a| String::from(*a)).collect(),
            folder: TempDir::new().unwrap(),
            child: None,
        }
    }

    /// A folder of its own.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Writes a file where the server can read it.
    pub fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// Restarts it on the same port.
    pub fn run(&mut self) {
        let folder = self.folder.path().to_str().unwrap();
        let mut command = Command::new(self.program.name);
        command.args((self.program.arguments)(self.port, folder));
        command.args(&self.arguments).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap_or_else(|error| {
            let Program { name, package, .. } = self.program;
            panic!("{name} does not start ({error}): get it with `apt-get install {package}`")
        });
        self.child = Some(child);
        self.wait();
    }

    /// Restarts it with other arguments.
    pub fn run_with(&mut self, arguments: &[&str]) {
        self.arguments = arguments.iter().map(|a| String::from(*a)).collect();
        self.run();
    }

    /// Waits until it accepts connections.
    fn wait(&mut self) {
        let end = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            if let Some(status) = self.child.as_mut().and_then(|c| c.try_wait().unwrap()) {
                panic!("{} has ended: {status}", self.program.name);
            }
            assert!(Instant::now() < end, "{} does not start", self.program.name);
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Kills it.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Pauses it: its connections stay open.
    pub fn pause(&self) {
        self.signal("STOP");
        // The signal is only sent: other threads may still answer until it arrives.
        while !self.has_stopped() {
            thread::yield_now();
        }
    }

    /// Whether all of its threads are paused. Unknown without `/proc`.
    fn has_stopped(&self) -> bool {
        let id = self.child.as_ref().unwrap().id();
        let Ok(threads) = fs::read_dir(format!("/proc/{id}/task")) else {
            return true;
        };
        threads.flatten().all(|thread| {
            let stat = fs::read_to_string(thread.path().join("stat"));
            // Its name, which may be anything, stands before in brackets.
            stat.is_ok_and(|stat| stat.rsplit(") ").next().unwrap().starts_with('T'))
        })
    }

    /// Resumes it.
    pub fn resume(&self) {
        self.signal("CONT");
    }

    fn signal(&self, signal: &str) {
        let id = self.child.as_ref().unwrap().id();
        let kill = Command::new("kill")
            .arg(format!("-{signal}"))
            .arg(id.to_string())
            .status();
        assert!(kill.unwrap().success());
    }

    /// Makes Redis a replica of another one, and waits until it has all data.
    pub fn follow(&self, primary: &Self) {
        self.tell(&["REPLICAOF", "127.0.0.1", &primary.port.to_string()]);
        let end = Instant::now() + Duration::from_secs(30);
        while !self
            .tell(&["INFO", "replication"])
            .contains("master_link_status:up")
        {
            assert!(Instant::now() < end, "it does not follow");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Makes it reload its configuration.
    pub fn reload(&self) {
        self.signal("HUP");
    }

    /// Starts NATS with a configuration.
    pub fn configured(config: &str) -> Self {
        let mut engine = Self::new(NATS, &[]);
        let path = engine.file("nats.conf", config);
        engine.arguments = vec!["--config".into(), path.to_str().unwrap().into()];
        engine.run();
        engine
    }

    /// Sends Redis a command.
    pub fn tell(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("redis-cli");
        command.args(["-p", &self.port.to_string()]).args(arguments);
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{text}");
        text.trim_end().into()
    }
}

impl Drop for EngineServer {
    fn drop(&mut self) {
        // A paused one, too.
        self.kill();
    }
}

/// A port that nothing listens on now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}
