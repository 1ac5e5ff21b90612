//! Requests for a socket, and refusals.

use super::client::{Client, Connection};
use super::soon;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::http::{self, HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::{self, client::IntoClientRequest};

/// The response to a request that got no socket.
pub type Refused = http::Response<String>;

/// The response to a request that got one.
pub type Answer = http::Response<Option<Vec<u8>>>;

/// A request for a socket.
pub struct Request {
    addr: SocketAddr,
    request: http::Request<()>,
}

impl Request {
    pub(super) fn new(addr: SocketAddr, path: &str) -> Self {
        let url = format!("ws://{addr}{path}");
        let request = url.into_client_request().unwrap();
        Self { addr, request }
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let name = HeaderName::from_static(name);
        let value = HeaderValue::from_str(value).unwrap();
        self.request.headers_mut().append(name, value);
        self
    }

    pub fn origin(self, origin: &str) -> Self {
        self.header("origin", origin)
    }

    pub fn subprotocols(self, names: &str) -> Self {
        self.header("sec-websocket-protocol", names)
    }

    /// Opens the socket.
    pub async fn open(self) -> Client {
        self.answered().await.0
    }

    /// Opens the socket, and returns the response.
    pub async fn answered(self) -> (Client, Answer) {
        match self.send().await {
            Ok(opened) => opened,
            Err(refused) => panic!("it did not open: {refused:?}"),
        }
    }

    /// Sends the request and expects a refusal.
    pub async fn refused(self) -> Refused {
        match self.send().await {
            Ok(_) => panic!("it opened"),
            Err(refused) => refused,
        }
    }

    /// Sends the request, and takes either response.
    pub async fn tried(self) -> Result<Client, Refused> {
        Ok(self.send().await?.0)
    }

    /// Opens the socket by hand, because the client's library rejects a response without an
    /// optional header. Returns the response's head, too.
    pub async fn open_by_hand(self) -> (Client, String) {
        let mut stream = connect(self.addr).await;
        let mut head = format!("GET {} HTTP/1.1\r\n", self.request.uri().path());
        for (name, value) in self.request.headers() {
            head.extend([name.as_str(), ": ", value.to_str().unwrap(), "\r\n"]);
        }
        stream.write_all((head + "\r\n").as_bytes()).await.unwrap();
        let answer = soon("an answer", read_head(&mut stream)).await;
        assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
        (Client::over(stream).await, answer)
    }

    async fn send(self) -> Result<(Client, Answer), Refused> {
        let stream: Box<dyn Connection> = Box::new(connect(self.addr).await);
        let opened = client_async(self.request, stream);
        match soon("an answer", opened).await {
            Ok((socket, answer)) => Ok((Client::new(socket), answer)),
            Err(tungstenite::Error::Http(answer)) => {
                Err(answer.map(|body| String::from_utf8(body.unwrap_or_default()).unwrap()))
            }
            Err(other) => panic!("no answer: {other}"),
        }
    }
}

/// The status of a plain HTTP request.
pub(super) async fn status(addr: SocketAddr, method: &str, path: &str) -> u16 {
    let mut stream = connect(addr).await;
    let request = format!("{method} {path} HTTP/1.1\r\nHost: {addr}\r\nContent-Length: 0\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let head = soon("an answer", read_head(&mut stream)).await;
    let status = head.strip_prefix("HTTP/1.1 ").unwrap();
    status[..3].parse().unwrap()
}

/// A connection with small buffers, so that a client that does not read is soon noticed.
async fn connect(addr: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16 * 1024).unwrap();
    socket.connect(addr).await.unwrap()
}

/// Reads up to the blank line and not a byte further, because frames may follow.
async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}
