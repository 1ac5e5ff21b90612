//! A shop in a process of its own, and those who visit it.

use crate::SERVER;
use serde_json::{Value, json};
use std::net::SocketAddr;
use test_kit::{Client, Process, Request, connect, soon};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::Command,
};

/// A shop. Its process ends when this is dropped.
pub struct Shop {
    /// The program. It shows its log if a test fails.
    #[allow(dead_code, reason = "not every shop is ended by its tests")]
    pub process: Process,
    /// Where the customers are.
    pub public: SocketAddr,
    /// Where the operators are.
    pub internal: SocketAddr,
}

/// Somebody with a cookie, or without one.
#[derive(Clone)]
pub struct Visitor {
    public: SocketAddr,
    cookie: String,
}

/// The response to a request.
pub struct Answer {
    pub status: u16,
    head: String,
    body: String,
}

impl Shop {
    /// Opens a shop.
    pub async fn open() -> Self {
        Self::with_logins_of(3600).await
    }

    /// Opens a shop whose logins last this many seconds.
    pub async fn with_logins_of(seconds: u32) -> Self {
        let mut command = Command::new(SERVER);
        command
            .env("ADDRESS", "127.0.0.1:0")
            .env("INTERNAL_ADDRESS", "127.0.0.1:0")
            .env("LOGIN_SECONDS", seconds.to_string());
        let process = Process::start(&mut command);
        let public = address(&process.out.wait_for(&["(ADDRESS)"]).await);
        let internal = address(&process.out.wait_for(&["(INTERNAL_ADDRESS)"]).await);
        Self {
            process,
            public,
            internal,
        }
    }

    /// Somebody who has not signed in.
    pub fn stranger(&self) -> Visitor {
        Visitor {
            public: self.public,
            cookie: String::from("theme=dark"),
        }
    }

    /// Signs in.
    pub async fn sign_in(&self, name: &str) -> Visitor {
        let stranger = self.stranger();
        let body = json!({ "name": name, "key": format!("{name}-key") });
        let signed = stranger.call("POST", "/sign-in", &body).await;
        assert_eq!(signed.status, 204, "{}", signed.body);
        Visitor {
            cookie: format!("{}; {}", stranger.cookie, signed.cookie()),
            ..stranger
        }
    }

    /// The value of a metric at an endpoint, 0 if there is none. A program may begin its names as it likes.
    pub async fn metric(&self, name: &str, endpoint: &str) -> u64 {
        let operator = Visitor {
            public: self.internal,
            cookie: String::new(),
        };
        let answer = operator.call("GET", "/metrics", &Value::Null).await;
        assert_eq!(answer.status, 200);
        let (name, label) = name.split_once(' ').unwrap_or((name, ""));
        let is_it = |line: &&str| {
            let (series, _) = line.split_once('}').unwrap_or_default();
            let of_endpoint = series.contains(&format!("{endpoint}\""));
            of_endpoint && series.contains(&format!("_{name}{{")) && series.contains(label)
        };
        let lines = answer.body.lines().filter(is_it);
        let values = lines.map(|line| line.rsplit(' ').next().unwrap());
        values.map(|value| value.parse::<u64>().unwrap()).sum()
    }
}

impl Visitor {
    /// Sends a request with this JSON, or without a body.
    pub async fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        let Self { public, cookie } = self;
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {public}\r\nConnection: close\r\nCookie: {cookie}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        let answer = async {
            let mut stream = connect(*public).await;
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        };
        let answer = soon("an answer", answer).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    /// Places an order, and returns it.
    pub async fn order(&self, item: &str) -> Value {
        let placed = self.call("POST", "/orders", &json!({ "item": item })).await;
        assert_eq!(placed.status, 201, "{}", placed.body);
        placed.json()
    }

    /// Changes how far an order is, and returns it.
    pub async fn set_status(&self, order: &Value, status: &str) -> Value {
        let path = format!("/orders/{}/status", order["id"]);
        let changed = self.call("PUT", &path, &json!(status)).await;
        assert_eq!(changed.status, 200, "{}", changed.body);
        changed.json()
    }

    /// Asks for a socket.
    pub fn socket(&self, path: &str) -> Request {
        Request::new(self.public, path)
            .patiently()
            .header("cookie", &self.cookie)
    }

    /// Watches an order, and returns what the shop says first.
    pub async fn watch(&self, order: &Value) -> (Client, Value) {
        let path = format!("/live/orders/{}", order["id"]);
        let mut client = self.socket(&path).open().await;
        let first = hear(&mut client).await;
        (client, first)
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The cookie that it sets, without its attributes.
    fn cookie(&self) -> &str {
        let mut lines = self.head.lines();
        let cookie = lines
            .find_map(|line| line.strip_prefix("set-cookie: "))
            .unwrap();
        cookie.split(';').next().unwrap()
    }
}

/// The next message. How soon the login expires is not among what every shop says.
pub async fn hear(client: &mut Client) -> Value {
    loop {
        let message: Value = serde_json::from_str(&client.text().await).unwrap();
        if message["type"] != "$expiring" {
            return message;
        }
    }
}

/// Sends a message.
pub async fn say(client: &mut Client, message: &Value) {
    client.send(message.to_string()).await;
}

fn address(line: &str) -> SocketAddr {
    let (_, url) = line.split_once("http://").unwrap();
    url.split(' ').next().unwrap().parse().unwrap()
}
