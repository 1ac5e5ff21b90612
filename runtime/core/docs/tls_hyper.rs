use autumn_ws::AppState;
use axum::{Extension, Router, extract::ConnectInfo};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use std::{io, sync::Arc, time::Duration};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    time::{sleep, timeout},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

/// Serves `app` over TLS until SIGTERM, and then ends it in order.
pub async fn serve(
    listener: TcpListener,
    certificate: &str,
    key: &str,
    app: Router,
    state: AppState,
) -> io::Result<()> {
    let tls = acceptor(certificate, key)?;
    let mut http = Builder::new(TokioExecutor::new());
    // Sockets over HTTP/2.
    http.http2().enable_connect_protocol();
    let connections = GracefulShutdown::new();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut leave = std::pin::pin!(async {
        terminate.recv().await;
        // Load balancers notice that readiness is 503, while everything works.
        state.shutdown().linger(Duration::from_secs(5)).await;
    });
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut leave => break,
        };
        let Ok((stream, peer)) = accepted else {
            // Perhaps there are too many open files.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (tls, http, watcher) = (tls.clone(), http.clone(), connections.watcher());
        // With the address of each client, for logs.
        let service = TowerToHyperService::new(app.clone().layer(Extension(ConnectInfo(peer))));
        tokio::spawn(async move {
            let handshake = timeout(Duration::from_secs(10), tls.accept(stream)).await;
            if let Ok(Ok(stream)) = handshake {
                let connection = http.serve_connection_with_upgrades(TokioIo::new(stream), service);
                watcher.watch(connection).await.ok();
            }
        });
    }
    // New connections are refused, and requests under way are answered, while sockets say goodbye.
    drop(listener);
    let answered = timeout(Duration::from_secs(20), connections.shutdown());
    let drained = async {
        sleep(Duration::from_secs(1)).await;
        state.shutdown().drain(Duration::from_secs(20)).await
    };
    tokio::join!(answered, drained).0.ok();
    Ok(())
}

fn acceptor(certificate: &str, key: &str) -> io::Result<TlsAcceptor> {
    let chain = CertificateDer::pem_file_iter(certificate).map_err(io::Error::other)?;
    let chain = chain.collect::<Result<_, _>>().map_err(io::Error::other)?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(io::Error::other)?;
    let config = ServerConfig::builder().with_no_client_auth();
    let mut config = config
        .with_single_cert(chain, key)
        .map_err(io::Error::other)?;
    // What the browser may choose from.
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
