//! TLS, with both servers and both versions of HTTP.

use crate::replica::Replica;
use h2::{client, ext::Protocol};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use std::{fs, net::SocketAddr, sync::Arc};
use tempfile::TempDir;
use test_kit::{CLOSE, Frame, Socket, connect, handshake, soon};
use tokio::{net::TcpStream, task::yield_now};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore,
        pki_types::{CertificateDer, ServerName},
    },
};

/// A replica over TLS, and those who trust its certificate.
struct Secure {
    replica: Replica,
    certificate: CertificateDer<'static>,
    _folder: TempDir,
}

impl Secure {
    async fn start(server: &str) -> Self {
        let made = generate_simple_self_signed(["localhost".into()]).unwrap();
        let CertifiedKey { cert, signing_key } = made;
        let folder = TempDir::new().unwrap();
        let write = |name: &str, content: String| {
            let path = folder.path().join(name);
            fs::write(&path, content).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let certificate = write("certificate.pem", cert.pem());
        let key = write("key.pem", signing_key.serialize_pem());
        Self {
            replica: Replica::start(&[server, &certificate, &key]).await,
            certificate: cert.der().clone(),
            _folder: folder,
        }
    }

    fn addr(&self) -> SocketAddr {
        self.replica.addr
    }

    /// A connection that speaks this protocol.
    async fn connect(&self, protocol: &str) -> TlsStream<TcpStream> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let config = ClientConfig::builder().with_root_certificates(roots);
        let mut config = config.with_no_client_auth();
        config.alpn_protocols = vec![protocol.into()];
        let name = ServerName::try_from("localhost").unwrap();
        let stream = connect(self.addr()).await;
        let connected = TlsConnector::from(Arc::new(config)).connect(name, stream);
        let stream = soon("the handshake", connected).await.unwrap();
        let chosen = stream.get_ref().1.alpn_protocol();
        assert_eq!(chosen, Some(protocol.as_bytes()));
        stream
    }

    async fn socket(&self) -> Socket<TlsStream<TcpStream>> {
        let stream = self.connect("http/1.1").await;
        let request = handshake(self.addr(), "/live", "Origin: https://localhost\r\n");
        let request = request.replace(&format!("Host: {}", self.addr()), "Host: localhost");
        Socket::over(stream, &request).await.unwrap()
    }
}

#[tokio::test]
async fn axum_server() {
    works("tls-axum-server").await;
}

#[tokio::test]
async fn hyper_util() {
    works("tls-hyper").await;
}

async fn works(server: &str) {
    let server = Secure::start(server).await;
    let mut socket = server.socket().await;
    assert_eq!(socket.ask_for("hello").await, "hello");
    let own = socket.stream.get_ref().0.local_addr().unwrap().to_string();
    assert_eq!(socket.ask_for("who am I?").await, own);
    over_http2(&server).await;

    server.replica.terminate();
    // It lingers, so new sockets still open.
    let mut late = server.socket().await;
    assert_eq!(late.ask_for("hello").await, "hello");
    for socket in [&mut socket, &mut late] {
        assert_eq!(
            socket.frame().await,
            Frame::close(1012, "server shutting down")
        );
        socket.send(Frame::new(CLOSE, 1012_u16.to_be_bytes())).await;
    }
    server.replica.ended().await;
}

/// Opens a socket on a stream, and talks over it.
async fn over_http2(server: &Secure) {
    let stream = server.connect("h2").await;
    let (mut requests, connection) = client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    let announced = async {
        while !requests.is_extended_connect_protocol_enabled() {
            yield_now().await;
            requests = requests.clone().ready().await.unwrap();
        }
    };
    soon("extended CONNECT", announced).await;
    let request = axum::http::Request::builder()
        .method("CONNECT")
        .uri("https://localhost/live")
        .extension(Protocol::from_static("websocket"))
        .header("sec-websocket-version", "13")
        .header("origin", "https://localhost")
        .body(())
        .unwrap();
    let (answer, mut said) = requests.send_request(request, false).unwrap();
    let answer = soon("an answer", answer).await.unwrap();
    assert_eq!(answer.status(), 200);
    let mut heard = answer.into_body();
    said.send_data(Frame::text("hello").masked().into(), false)
        .unwrap();
    let echo = soon("an echo", heard.data()).await.unwrap().unwrap();
    assert_eq!(echo[..], *b"\x81\x05hello");
    said.send_data(Frame::close(1000, "").masked().into(), false)
        .unwrap();
}
