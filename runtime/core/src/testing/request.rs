//! A request for a socket.

use super::{client::TestClient, wait::expect};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header};
use std::{fmt, net::SocketAddr};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    client_async,
    tungstenite::{self, client::IntoClientRequest},
};

/// A request for a socket. Made by [`TestServer::request`](super::TestServer::request).
#[derive(Clone, Debug)]
#[must_use = "a request is made by `connect`"]
pub struct TestRequest {
    addr: SocketAddr,
    request: Request<()>,
}

impl TestRequest {
    pub(super) fn new(addr: SocketAddr, url: &str) -> Self {
        let request = url
            .into_client_request()
            .expect("a path that begins with /");
        Self { addr, request }
    }

    /// Adds a header.
    ///
    /// # Panics
    ///
    /// Panics if it is not a valid header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a valid header name");
        let value: HeaderValue = value.parse().expect("a valid header value");
        self.request.headers_mut().append(name, value);
        self
    }

    /// Sets the origin of the page that opens the socket, as a browser does.
    ///
    /// # Panics
    ///
    /// Panics if it is not a valid header value.
    pub fn origin(self, origin: &str) -> Self {
        self.header(header::ORIGIN.as_str(), origin)
    }

    /// Offers one more subprotocol. Like a browser, this client insists that the server chooses one of
    /// those that it offers.
    ///
    /// # Panics
    ///
    /// Panics if it is not a valid header value.
    pub fn subprotocol(mut self, name: &str) -> Self {
        let headers = self.request.headers_mut();
        let before = headers.remove(header::SEC_WEBSOCKET_PROTOCOL);
        let before = before.as_ref().and_then(|names| names.to_str().ok());
        let names = before.map_or_else(|| name.to_owned(), |before| format!("{before}, {name}"));
        self.header(header::SEC_WEBSOCKET_PROTOCOL.as_str(), &names)
    }

    /// Opens the socket.
    ///
    /// # Errors
    ///
    /// [`Refused`] when the server sends another response than an upgrade.
    ///
    /// # Panics
    ///
    /// Panics when the server cannot be reached, or sends no HTTP response.
    pub async fn connect(self) -> Result<TestClient, Refused> {
        let stream = expect("a connection", TcpStream::connect(self.addr)).await;
        let stream = stream.expect("the server is reached");
        match expect("a response", client_async(self.request, stream)).await {
            Ok((socket, response)) => Ok(TestClient::new(socket, response.headers())),
            Err(tungstenite::Error::Http(response)) => {
                let (parts, body) = response.into_parts();
                Err(Refused {
                    status: parts.status,
                    headers: parts.headers,
                    body: String::from_utf8_lossy(&body.unwrap_or_default()).into_owned(),
                })
            }
            Err(error) => panic!("expected an HTTP response, but got: {error}"),
        }
    }
}

/// The response of a server that does not open a socket.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Refused {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// The beginning of its body, as far as it arrived together with the headers.
    pub body: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused with {}: {}", self.status, self.body)
    }
}

impl std::error::Error for Refused {}
