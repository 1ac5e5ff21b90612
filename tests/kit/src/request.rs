//! Requests for a socket, and refusals.

use crate::{
    Client, PATIENCE,
    client::Connection,
    connect, read_head,
    wait::{BRIEFLY, within},
};
use std::{net::SocketAddr, time::Duration};
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::{
    client_async,
    tungstenite::{
        self,
        client::IntoClientRequest,
        http::{self, HeaderName, HeaderValue},
    },
};

/// The response to a request that got no socket.
pub type Refused = http::Response<String>;

/// The response to a request that got one.
pub type Response = http::Response<Option<Vec<u8>>>;

/// A request for a socket.
pub struct Request {
    addr: SocketAddr,
    head: http::Request<()>,
    patience: Duration,
}

impl Request {
    /// Prepares it.
    pub fn new(addr: SocketAddr, path: &str) -> Self {
        let url = format!("ws://{addr}{path}");
        let request = url.into_client_request().unwrap();
        Self {
            addr,
            head: request,
            patience: BRIEFLY,
        }
    }

    /// The client waits longer for each event: for tests in which no default of the spec can pass for a value.
    pub fn patiently(mut self) -> Self {
        self.patience = PATIENCE;
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let name = HeaderName::from_static(name);
        let value = HeaderValue::from_str(value).unwrap();
        self.head.headers_mut().append(name, value);
        self
    }

    /// Says which page asks.
    pub fn origin(self, origin: &str) -> Self {
        self.header("origin", origin)
    }

    /// Offers subprotocols.
    pub fn subprotocols(self, names: &str) -> Self {
        self.header("sec-websocket-protocol", names)
    }

    /// Opens the socket.
    pub async fn open(self) -> Client {
        self.answered().await.0
    }

    /// Opens the socket, and returns the response.
    pub async fn answered(self) -> (Client, Response) {
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
        let mut head = format!("GET {} HTTP/1.1\r\n", self.head.uri().path());
        for (name, value) in self.head.headers() {
            head.extend([name.as_str(), ": ", value.to_str().unwrap(), "\r\n"]);
        }
        stream.write_all((head + "\r\n").as_bytes()).await.unwrap();
        let answer = within(self.patience, "an answer", read_head(&mut stream)).await;
        assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
        (Client::over(stream).await, answer)
    }

    async fn send(self) -> Result<(Client, Response), Refused> {
        let stream: Box<dyn Connection> = Box::new(connect(self.addr).await);
        let opened = client_async(self.head, stream);
        match within(self.patience, "an answer", opened).await {
            Ok((socket, answer)) => Ok((Client::new(socket, self.patience), answer)),
            Err(tungstenite::Error::Http(answer)) => {
                Err(answer.map(|body| String::from_utf8(body.unwrap_or_default()).unwrap()))
            }
            Err(other) => panic!("no answer: {other}"),
        }
    }
}
