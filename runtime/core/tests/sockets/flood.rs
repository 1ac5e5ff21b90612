//! A client that floods the server with empty fragments.

use crate::{
    app::{millis, next, start_reporting},
    raw::{RawClient, frame},
};
use autumn_ws_core::{AppState, ClosedBy, Endpoint, close_code};
use std::{io::Write, net::TcpStream, thread, time::Duration};

struct Hasty;

impl Endpoint for Hasty {
    const NAME: &'static str = "hasty";
    const HEARTBEAT: Option<Duration> = None;
    const IDLE: Option<Duration> = Some(millis(50));
    const SEND_TIMEOUT: Duration = millis(50);
}

/// There is always more to read, and never a message. Several clients do it, so that it is too
/// much.
#[tokio::test]
async fn a_flood_without_messages_is_idle() {
    let (server, mut ends) = start_reporting::<Hasty>(&AppState::new());
    let mut floods = Vec::new();
    for _ in 0..CROWD {
        let client = RawClient::open(server.addr()).await;
        floods.push(client.stream.into_std().unwrap());
    }
    for stream in floods {
        thread::spawn(move || flood(stream));
    }
    for _ in 0..CROWD {
        let closed = next(&mut ends).await;
        let how = (closed.by(), closed.code());
        assert_eq!(how, (ClosedBy::Server, close_code::AWAY));
    }
}

const CROWD: usize = 8;

/// Sends empty fragments as long as the server reads.
fn flood(mut stream: TcpStream) {
    stream.set_nonblocking(false).unwrap();
    let nothing = frame(CONTINUES, b"").repeat(10_000);
    let begins = stream.write_all(&frame(TEXT_BEGINS, b""));
    while begins.is_ok() && stream.write_all(&nothing).is_ok() {}
}

/// Without the final bit.
const TEXT_BEGINS: u8 = 0x01;
const CONTINUES: u8 = 0x00;
