//! A real engine, seen by its operator and by strangers.

use serde_json::Value;
use test_kit::{EngineServer, free_port, soon};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Redis,
    Nats,
}

/// An engine in a process of its own, which ends when this is dropped.
pub struct Engine {
    pub kind: Kind,
    pub server: EngineServer,
    /// The port of NATS' monitoring.
    monitor: u16,
}

impl Engine {
    pub fn start(kind: Kind) -> Self {
        let monitor = free_port();
        let server = match kind {
            Kind::Redis => EngineServer::redis(&[]),
            Kind::Nats => EngineServer::nats(&nats(monitor, &[])),
        };
        Self {
            kind,
            server,
            monitor,
        }
    }

    /// Restarts it with a password that the replicas do not know.
    pub fn run_with_another_password(&mut self) {
        match self.kind {
            Kind::Redis => self.server.run_with(&["--requirepass", "other"]),
            Kind::Nats => {
                let login = ["--user", "other", "--pass", "other"];
                self.server.run_with(&nats(self.monitor, &login));
            }
        }
    }

    /// Restarts it as it was at first.
    pub fn run(&mut self) {
        match self.kind {
            Kind::Redis => self.server.run_with(&[]),
            Kind::Nats => self.server.run_with(&nats(self.monitor, &[])),
        }
    }

    pub fn url(&self) -> String {
        let scheme = match self.kind {
            Kind::Redis => "redis",
            Kind::Nats => "nats",
        };
        format!("{scheme}://127.0.0.1:{}", self.server.port())
    }

    /// How many replicas the engine sends a channel's messages to.
    pub async fn subscribers(&self, channel: &str) -> usize {
        match self.kind {
            Kind::Redis => {
                let name = format!("autumn-ws:channel:{channel}");
                let answer = self.server.tell(&["PUBSUB", "NUMSUB", &name]);
                answer.lines().last().unwrap().parse().unwrap()
            }
            Kind::Nats => {
                let name = format!("autumn-ws.out.channel=3A{}", channel.replace(':', "=3A"));
                let subjects = self.nats_subscriptions().await;
                subjects.iter().filter(|subject| **subject == name).count()
            }
        }
    }

    /// The channels that some replica has joined.
    pub async fn channels(&self) -> Vec<String> {
        let (names, prefix) = match self.kind {
            Kind::Redis => {
                let names = self.server.tell(&["PUBSUB", "CHANNELS"]);
                let names = names.lines().map(str::to_owned).collect();
                (names, "autumn-ws:channel:")
            }
            Kind::Nats => (self.nats_subscriptions().await, "autumn-ws.out.channel=3A"),
        };
        let channel = |name: &String| Some(name.strip_prefix(prefix)?.replace("=3A", ":"));
        let mut channels: Vec<_> = names.iter().filter_map(channel).collect();
        channels.sort();
        channels.dedup();
        channels
    }

    /// What the connections to NATS are subscribed to.
    async fn nats_subscriptions(&self) -> Vec<String> {
        let mut stream = connect(self.monitor).await;
        // In HTTP/1.0 it does not send chunks.
        let request = "GET /connz?subs=1 HTTP/1.0\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let read = stream.read_to_string(&mut answer);
        soon("an answer of NATS' monitoring", read).await.unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let status: Value = serde_json::from_str(body).unwrap();
        let connections = status["connections"].as_array().unwrap();
        let subjects = connections
            .iter()
            .filter_map(|connection| connection["subscriptions_list"].as_array())
            .flatten();
        subjects
            .map(|subject| subject.as_str().unwrap().to_owned())
            .collect()
    }

    /// Publishes as a stranger, and waits until the engine has taken it.
    pub async fn publish(&self, subject: &[u8], payload: &[u8]) {
        let mut stream = connect(self.server.port()).await;
        let (subject_length, length) = (subject.len().to_string(), payload.len().to_string());
        let (message, done): (Vec<&[u8]>, _) = match self.kind {
            Kind::Redis => (
                vec![
                    b"*3\r\n$7\r\nPUBLISH\r\n$",
                    subject_length.as_bytes(),
                    b"\r\n",
                    subject,
                    b"\r\n$",
                    length.as_bytes(),
                    b"\r\n",
                    payload,
                    b"\r\n*1\r\n$4\r\nPING\r\n",
                ],
                "PONG\r\n",
            ),
            Kind::Nats => (
                vec![
                    b"CONNECT {\"verbose\":false}\r\nPUB ",
                    subject,
                    b" ",
                    length.as_bytes(),
                    b"\r\n",
                    payload,
                    b"\r\nPING\r\n",
                ],
                "PONG\r\n",
            ),
        };
        stream.write_all(&message.concat()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(done.as_bytes()) {
            let read = soon("the engine to answer", stream.read_buf(&mut answer)).await;
            assert!(read.unwrap() > 0, "{}", answer.escape_ascii());
        }
        let answer = String::from_utf8_lossy(&answer);
        assert!(!answer.contains("-E"), "{answer}");
    }
}

fn nats<'a>(monitor: u16, more: &[&'a str]) -> Vec<&'a str> {
    let port: &'static str = monitor.to_string().leak();
    [&["--jetstream", "--http_port", port], more].concat()
}

async fn connect(port: u16) -> TcpStream {
    let connected = TcpStream::connect(("127.0.0.1", port));
    soon("the engine", connected).await.unwrap()
}
