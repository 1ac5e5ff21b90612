//! Clients that are refused.

use tokio::io::AsyncWriteExt;

use super::client::{Client, close, read_head};
use crate::Outcome;

/// A request that is refused for what it contains.
pub async fn request(client: Client) -> Outcome {
    let (request, status) = match fastrand::u8(..4) {
        0 => (
            client.handshake("/echo", "Origin: https://evil.example\r\n"),
            403,
        ),
        1 => (client.handshake("/desk/nobody", ""), 403),
        2 => (client.handshake("/nowhere", ""), 404),
        _ => (
            "GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
            400,
        ),
    };
    let mut stream = client.connect().await?;
    stream.write_all(request.as_bytes()).await?;
    expect_status(&read_head(&mut stream).await?, status)
}

/// As many clients as the limit allows, and one more.
pub async fn full(client: Client) -> Outcome {
    const CAP: usize = 4;
    let mut guests = Vec::new();
    for _ in 0..CAP {
        guests.push(client.open("/few").await?);
    }
    let mut stream = client.connect().await?;
    stream
        .write_all(client.handshake("/few", "").as_bytes())
        .await?;
    let refused = expect_status(&read_head(&mut stream).await?, 503);
    for guest in guests {
        close(guest, 1000).await?;
    }
    refused
}

fn expect_status(head: &str, status: u16) -> Outcome {
    if head.starts_with(&format!("HTTP/1.1 {status} ")) {
        return Ok(());
    }
    Err(format!("{head} instead of {status}").into())
}
