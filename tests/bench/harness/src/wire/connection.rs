//! One client.

use super::{Opcode, frame};
use anyhow::{Context, Result, bail, ensure};
use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The example of RFC 6455, 1.3. A load generator needs no nonce that cannot be guessed.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// A WebSocket whose handshake is done, in blocking mode.
pub struct Connection {
    stream: TcpStream,
    /// What the server sent right after its handshake.
    rest: Vec<u8>,
}

impl Connection {
    /// Opens a WebSocket as a page of the same origin does, with a session cookie.
    pub fn open(address: SocketAddr, path: &str) -> Result<Self> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(request(address, path).as_bytes())?;
        let rest = read_response(&mut stream)?;
        Ok(Self { stream, rest })
    }

    /// Sends a text message.
    pub fn say(&mut self, text: &str) -> Result<()> {
        self.stream
            .write_all(&frame(Opcode::Text, text.as_bytes()))
            .context("the server takes no message")
    }

    /// Closes, and waits for the server to close.
    pub fn close(mut self) -> Result<()> {
        let normal = 1000_u16.to_be_bytes();
        self.stream.write_all(&frame(Opcode::Close, &normal))?;
        match self.stream.read_to_end(&mut self.rest) {
            Ok(_) => Ok(()),
            // The server closed without reading everything.
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => Ok(()),
            Err(error) => Err(error).context("the server does not close"),
        }
    }

    pub fn into_parts(self) -> (TcpStream, Vec<u8>) {
        (self.stream, self.rest)
    }
}

fn request(address: SocketAddr, path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\n\
         Host: {address}\r\n\
         Connection: Upgrade\r\n\
         Upgrade: websocket\r\n\
         Origin: http://{address}\r\n\
         Cookie: theme=dark; session=somebody\r\n\
         Sec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: {KEY}\r\n\r\n"
    )
}

/// Reads the head of the response, and returns what came after it.
fn read_response(stream: &mut TcpStream) -> Result<Vec<u8>> {
    let mut read = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).context("no response")?;
        read.extend(buffer.iter().take(count));
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            let rest = read.split_off(end + 4);
            check_response(&String::from_utf8(read)?)?;
            return Ok(rest);
        }
        if count == 0 {
            bail!("the server closed before it had responded");
        }
    }
}

fn check_response(head: &str) -> Result<()> {
    ensure!(head.starts_with("HTTP/1.1 101 "), "not upgraded: {head}");
    let mut headers = head.lines().filter_map(|line| line.split_once(':'));
    let is_right = headers.any(|(name, value)| {
        name.eq_ignore_ascii_case("Sec-WebSocket-Accept") && value.trim() == ACCEPT
    });
    ensure!(is_right, "a wrong Sec-WebSocket-Accept: {head}");
    Ok(())
}
