//! Clients that break the protocol, and code that breaks.

use futures_util::SinkExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::Message;

use super::client::{Client, End, expect, head, hear_end};
use crate::Outcome;

/// Breaks the protocol in one of many ways, and checks the close code.
pub async fn protocol(client: Client) -> Outcome {
    let (path, bytes, code): (_, Vec<u8>, u16) = match fastrand::u8(..8) {
        0 => ("/echo", vec![0x81, 0x00], 1002),
        1 => ("/echo", head(0xc1, 0).into(), 1002),
        2 => ("/echo", head(0x83, 0).into(), 1002),
        3 => ("/echo", head(0x80, 0).into(), 1002),
        4 => ("/echo", head(0x09, 0).into(), 1002),
        5 => ("/echo", [&head(0x81, 1)[..], b"\xff"].concat(), 1007),
        6 => (
            "/echo",
            vec![0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0],
            1009,
        ),
        _ => (
            "/desk/visitor",
            [&head(0x88, 2)[..], &999_u16.to_be_bytes()].concat(),
            1002,
        ),
    };
    let mut stream = client.open_raw(path).await?;
    stream.write_all(&bytes).await?;
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).await?;
    let [0x88, _, high, low] = answer else {
        return Err(format!("{answer:?} is not a close frame").into());
    };
    expect(
        &End::Closed(u16::from_be_bytes([high, low])),
        &End::Closed(code),
    )
}

/// Makes a handler panic.
pub async fn panic(client: Client) -> Outcome {
    let mut socket = client.open("/desk/visitor").await?;
    socket.send(Message::text("panic")).await?;
    expect(&hear_end(&mut socket).await, &End::Closed(1011))
}

/// Makes a handler panic before the socket opens: whatever the answer is, no socket opens.
pub async fn panic_in_open(client: Client) -> Outcome {
    let mut stream = client.connect().await?;
    stream
        .write_all(
            client
                .handshake("/desk/panic", "Connection: close\r\n")
                .as_bytes(),
        )
        .await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    if answer.starts_with("HTTP/1.1 101") {
        return Err("the socket opens".into());
    }
    Ok(())
}
