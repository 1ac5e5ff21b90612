//! What `serve` serves, and where.

use crate::app::{Plain, bind, echo, in_time, router};
use autumn_ws_core::{AppState, serve};
use axum::{
    Router,
    extract::ConnectInfo,
    response::{IntoResponse, Response},
    routing::get,
};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
};
use tower_http::normalize_path::NormalizePath;
use tower_service::Service;

const HANDSHAKE: &str = "GET / HTTP/1.1\r\nHost: here\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// Opens a socket, and talks over it.
async fn echoes(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    stream.write_all(HANDSHAKE.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(in_time(stream.read_u8()).await.unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101 "));
    let said = [0x81, 0x82, 0, 0, 0, 0, b'h', b'i'];
    stream.write_all(&said).await.unwrap();
    let mut answer = [0; 4];
    in_time(stream.read_exact(&mut answer)).await.unwrap();
    assert_eq!(answer, [0x81, 2, b'h', b'i']);
    // The close frame, masked, and the end.
    stream
        .write_all(&[0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8])
        .await
        .unwrap();
    in_time(stream.read_to_end(&mut head)).await.unwrap();
}

async fn ask(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    in_time(stream.read_to_string(&mut answer)).await.unwrap();
    answer
}

#[cfg(unix)]
#[tokio::test]
async fn a_unix_socket() {
    use tokio::net::{UnixListener, UnixStream};

    let path = std::env::temp_dir().join(format!("autumn-ws-{}.sock", std::process::id()));
    std::fs::remove_file(&path).ok();
    let state = AppState::new();
    let listener = UnixListener::bind(&path).unwrap();
    let app = router::<Plain, _, _>(&state, echo);
    let server = tokio::spawn(serve(listener, app, state.shutdown()));
    echoes(UnixStream::connect(&path).await.unwrap()).await;
    state.shutdown().begin();
    in_time(server).await.unwrap().unwrap();
    assert!(UnixStream::connect(&path).await.is_err());
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn a_listener_that_changes_its_connections() {
    use axum::serve::ListenerExt;

    let state = AppState::new();
    let (listener, addr) = bind().await;
    let listener = listener.tap_io(|stream| stream.set_ttl(9).unwrap());
    let app = router::<Plain, _, _>(&state, echo);
    let server = tokio::spawn(serve(listener, app, state.shutdown()));
    echoes(TcpStream::connect(addr).await.unwrap()).await;
    state.shutdown().begin();
    in_time(server).await.unwrap().unwrap();
}

/// Serves something on a free port.
macro_rules! served {
    ($service:expr, $state:expr) => {{
        let (listener, addr) = bind().await;
        tokio::spawn(serve(listener, $service, $state.shutdown()));
        addr
    }};
}

#[tokio::test]
async fn layers_around_a_router() {
    let state = AppState::new();
    let app: Router = router::<Plain, _, _>(&state, echo).route("/page", get(async || "here"));
    let addr = served!(NormalizePath::trim_trailing_slash(app), state);
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let answer = ask(&mut stream, "/page/").await;
    assert!(answer.ends_with("\r\n\r\nhere"), "{answer}");
    echoes(TcpStream::connect(addr).await.unwrap()).await;
}

/// A service that is not `Sync`, as boxed services are not, and has a body of its own.
#[tokio::test]
async fn any_service() {
    #[derive(Clone)]
    struct Alone(std::cell::Cell<u32>);

    impl Service<axum::extract::Request> for Alone {
        type Response = axum::http::Response<String>;
        type Error = std::convert::Infallible;
        type Future = std::future::Ready<Result<Self::Response, Self::Error>>;

        fn poll_ready(
            &mut self,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Result<(), Self::Error>> {
            std::task::Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: axum::extract::Request) -> Self::Future {
            let text = format!("{} {}", self.0.get(), request.uri());
            std::future::ready(Ok(axum::http::Response::new(text)))
        }
    }

    let state = AppState::new();
    let addr = served!(Alone(7.into()), state);
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let answer = ask(&mut stream, "/any").await;
    assert!(answer.ends_with("\r\n\r\n7 /any"), "{answer}");
}

#[tokio::test]
async fn the_address_of_a_client() {
    async fn address(ConnectInfo(address): ConnectInfo<SocketAddr>) -> Response {
        address.to_string().into_response()
    }
    let state = AppState::new();
    let addr = served!(Router::new().route("/", get(address)), state);
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let own = stream.local_addr().unwrap();
    let answer = ask(&mut stream, "/").await;
    assert!(answer.ends_with(&format!("\r\n\r\n{own}")), "{answer}");
}
