//! HTTP/1.1, as far as tests speak it by hand.

use crate::{connect, soon};
use std::{fmt::Display, net::SocketAddr};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};

/// The request for a socket (RFC 6455, 4.1), with more headers, each with its line end.
pub fn handshake(host: impl Display, path: &str, headers: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\n\
         Host: {host}\r\n\
         Connection: Upgrade\r\n\
         Upgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         {headers}\r\n"
    )
}

/// Reads up to the blank line and not a byte further, because frames may follow. Less if the connection ends before.
pub async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n")
        && let Ok(byte) = stream.read_u8().await
    {
        head.push(byte);
    }
    String::from_utf8(head).unwrap()
}

/// Sends a request without a body and an upgrade. Returns the response's status and body.
pub async fn http(addr: SocketAddr, method: &str, path: &str) -> (u16, String) {
    let answer = async {
        let mut stream = connect(addr).await;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let answer = soon("an answer", answer).await;
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    (status, body.to_owned())
}
