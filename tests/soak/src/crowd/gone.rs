//! Clients that stop doing what they should.

use std::time::Duration;

use futures_util::SinkExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::Message;

use super::client::{Client, End, close, expect, head, hear};
use super::guests::unheard_of;
use crate::Outcome;

/// Longer than the endpoints' limits.
const LONG: Duration = Duration::from_secs(4);

/// More than the operating system's buffers hold.
const FLOOD: usize = 128;
const DROP: usize = 64 * 1024;

/// Reads nothing while another client floods the channel: this client is cut, the other is not.
pub async fn stall(client: Client) -> Outcome {
    let path = unheard_of("/floods");
    let mut stalled = client.open_raw(&path).await?;
    let mut flooding = client.open(&path).await?;
    for _ in 0..FLOOD {
        flooding.send(Message::binary(vec![0; DROP])).await?;
        hear(&mut flooding)
            .await
            .map_err(|end| format!("a client that reads was closed: {end:?}"))?;
    }
    sleep(LONG).await;
    let heard = drain(&mut stalled).await;
    close(flooding, 1000).await?;
    if heard < FLOOD * DROP {
        return Ok(());
    }
    Err("a client that does not read got everything".into())
}

/// Says nothing, not even pong: the server waits for the idle time, and no longer.
pub async fn silence(client: Client) -> Outcome {
    let mut stream = client.open_raw("/watched").await?;
    sleep(LONG).await;
    let mut heard = Vec::new();
    // The close frame, or a reset if bytes crossed.
    stream.read_to_end(&mut heard).await.ok();
    let code = heard
        .windows(4)
        .any(|bytes| bytes.starts_with(&[0x88]) && bytes.ends_with(&1001_u16.to_be_bytes()));
    expect(
        &if code { End::Closed(1001) } else { End::Lost },
        &End::Closed(1001),
    )
}

/// Closes its direction, and waits for the server to close the other.
pub async fn half_close(client: Client) -> Outcome {
    let mut stream = client.open_raw("/echo").await?;
    stream
        .write_all(&[&head(0x81, 2)[..], b"hi"].concat())
        .await?;
    stream.shutdown().await?;
    drain(&mut stream).await;
    Ok(())
}

/// Resets the connection at some point.
pub async fn abort(client: Client) -> Outcome {
    let handshake = client.handshake("/rooms/aborted", "");
    let mut stream = match fastrand::u8(..5) {
        0 => client.connect().await?,
        1 => {
            let mut stream = client.connect().await?;
            let part = fastrand::usize(..handshake.len());
            stream
                .write_all(handshake.as_bytes().get(..part).unwrap_or_default())
                .await?;
            stream
        }
        2 => {
            let mut stream = client.connect().await?;
            stream.write_all(handshake.as_bytes()).await?;
            stream
        }
        _ => client.open_raw("/rooms/aborted").await?,
    };
    if fastrand::bool() {
        // A length beyond the payload: a frame that is cut off.
        stream.write_all(&head(0x82, 100)).await.ok();
    }
    sleep(Duration::from_millis(fastrand::u64(..50))).await;
    stream.set_zero_linger()?;
    Ok(())
}

/// Reads until the end, however it comes, and returns how many bytes that were.
async fn drain(stream: &mut TcpStream) -> usize {
    let mut buffer = vec![0; DROP];
    let mut heard = 0;
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        heard += read;
    }
    heard
}
