//! Clients that fall behind a channel: no loss goes unreported.

use crate::support::{FLOOD, Server};
use test_kit::{CLOSE, Frame, Socket};

/// A client that read nothing while much was published.
async fn late(server: &Server, path: &str) -> Socket {
    let socket = server.open(path).await;
    assert_eq!(server.flood("ticks").await, 1);
    socket
}

#[tokio::test]
async fn close_delivers_an_unbroken_beginning_then_the_reason() {
    let server = Server::start().await;
    let mut late = late(&server, "/lag/closing").await;
    let mut next = 0;
    let close = loop {
        let frame = late.frame().await;
        if frame.opcode() == CLOSE {
            break frame;
        }
        assert_eq!(frame.number(), next);
        next += 1;
    };
    assert!(next < FLOOD);
    assert_eq!(close, Frame::close(1013, "too slow"));
    late.leave(1013).await;
    let end = ["lag.closing", "by=server", "code=1013", "too slow"];
    server.logs_the_end_of(late.name(), &end).await;
    assert!(server.counted("channels/ticks/lagged_count").await > 0);
    assert_eq!(
        server
            .counted("endpoints/lag.closing/closed/server/1013")
            .await,
        1
    );
}

#[tokio::test]
async fn skip_keeps_the_order_and_the_latest() {
    let server = Server::start().await;
    let mut late = late(&server, "/lag/skipping").await;
    let mut received = 0;
    let mut next = 0;
    while next < FLOOD {
        let number = late.frame().await.number();
        assert!(number >= next, "{number} after {next}");
        next = number + 1;
        received += 1;
    }
    assert!(received < FLOOD);
    // Only `handle` reports a loss.
    let missed = server.counted("channels/ticks/lagged_count").await;
    assert_eq!(received + missed, FLOOD);
    // A client that has caught up misses nothing more.
    assert_eq!(server.publish("ticks", FLOOD..FLOOD + 10, 10).await, 1);
    for number in FLOOD..FLOOD + 10 {
        assert_eq!(late.frame().await.number(), number);
    }
}

#[tokio::test]
async fn handle_accounts_for_every_message() {
    let server = Server::start().await;
    let mut late = late(&server, "/lag/handling").await;
    let (mut received, mut missed) = (0, 0);
    while received + missed < FLOOD {
        let text = late.text().await;
        if let Some(count) = text.strip_prefix("missed ") {
            missed += count.parse::<u64>().unwrap();
        } else {
            // The reported loss is exactly what is missing.
            let number: u64 = text.trim_end().parse().unwrap();
            assert_eq!(number, received + missed);
            received += 1;
        }
    }
    assert!(missed > 0);
    assert_eq!(received + missed, FLOOD);
    assert_eq!(server.counted("channels/ticks/lagged_count").await, missed);
}
