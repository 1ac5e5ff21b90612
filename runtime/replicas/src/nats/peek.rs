//! The server behind an address, which every server reports before the login.

use crate::EngineError;
use async_nats::ServerAddr;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    net::TcpStream,
};

/// What a server reports about itself.
pub(super) struct Greeting {
    pub(super) server_id: String,
    pub(super) cluster: Option<String>,
}

/// The longest greeting, in bytes.
const LONGEST: u64 = 64 << 10;

/// Connects to a server, reads its greeting, and leaves.
pub(super) async fn peek(server: &ServerAddr) -> Result<Greeting, EngineError> {
    let stream = TcpStream::connect((server.host(), server.port())).await;
    let stream = stream.map_err(EngineError::away)?.take(LONGEST);
    let mut line = String::new();
    let read = BufReader::new(stream).read_line(&mut line).await;
    read.map_err(EngineError::away)?;
    greeting(&line).ok_or_else(|| EngineError::away("this is not NATS"))
}

fn greeting(line: &str) -> Option<Greeting> {
    let info: Value = serde_json::from_str(line.strip_prefix("INFO ")?).ok()?;
    let text = |key| info.get(key).and_then(Value::as_str).map(String::from);
    Some(Greeting {
        server_id: text("server_id")?,
        cluster: text("cluster"),
    })
}

#[cfg(test)]
mod tests {
    use super::greeting;

    #[test]
    fn only_nats_greets_like_this() {
        let line = "INFO {\"server_id\":\"N1\",\"cluster\":\"east\",\"max_payload\":1} \r\n";
        let found = greeting(line).unwrap();
        assert_eq!(
            (&*found.server_id, found.cluster.as_deref()),
            ("N1", Some("east"))
        );
        assert!(
            greeting("INFO {\"server_id\":\"N1\"}\r\n")
                .unwrap()
                .cluster
                .is_none()
        );
        for line in ["", "INFO ", "INFO {}", "-ERR 'no'\r\n", "SSH-2.0\r\n"] {
            assert!(greeting(line).is_none(), "{line}");
        }
    }
}
