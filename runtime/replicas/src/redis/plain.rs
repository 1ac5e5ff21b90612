//! Servers that do not speak TLS: they take its beginning for half a command, and wait for the
//! rest.

use crate::EngineError;
use redis::ConnectionAddr;
use std::{future, io, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep,
};

/// Waits, and then finds out whether a server that should speak TLS does not. Returns only if so.
pub(super) async fn found(address: &ConnectionAddr, wait: Duration) -> EngineError {
    sleep(wait).await;
    if let ConnectionAddr::TcpTls { host, port, .. } = address
        && let Ok(true) = answers(host, *port).await
    {
        return EngineError::refused("it does not speak TLS: its URL begins with `redis://`");
    }
    future::pending().await
}

/// Whether a server answers a plain command.
async fn answers(host: &str, port: u16) -> io::Result<bool> {
    let mut stream = TcpStream::connect((host, port)).await?;
    stream.write_all(b"PING\r\n").await?;
    // `+PONG`, or an error, such as a missing password.
    Ok(matches!(stream.read_u8().await?, b'+' | b'-'))
}
