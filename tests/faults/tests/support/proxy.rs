//! A failing network: bytes are lost, and neither side notices.

use std::future::pending;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Forwards connections to the server until it is cut.
pub struct Proxy {
    pub addr: SocketAddr,
    cut: watch::Sender<bool>,
    _connections: JoinSet<()>,
}

impl Proxy {
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (cut, is_cut) = watch::channel(false);
        let mut connections = JoinSet::new();
        connections.spawn(accept(listener, server, is_cut));
        Self {
            addr,
            cut,
            _connections: connections,
        }
    }

    /// From now on nothing passes. Connections stay open on both sides, and take only as many bytes
    /// as the operating system buffers.
    pub fn cut(&self) {
        self.cut.send_replace(true);
    }
}

async fn accept(listener: TcpListener, server: SocketAddr, is_cut: watch::Receiver<bool>) {
    let mut forwarded = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let server = TcpStream::connect(server).await.unwrap();
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        forwarded.spawn(forward(from_client, to_server, is_cut.clone()));
        forwarded.spawn(forward(from_server, to_client, is_cut.clone()));
    }
}

async fn forward(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut is_cut: watch::Receiver<bool>,
) {
    let copy = async {
        let mut bytes = [0; 4096];
        while let Ok(read @ 1..) = from.read(&mut bytes).await {
            to.write_all(&bytes[..read]).await.unwrap();
        }
    };
    let cut = async { drop(is_cut.wait_for(|is_cut| *is_cut).await) };
    tokio::select! {
        () = copy => {}
        () = cut => pending().await,
    }
}
