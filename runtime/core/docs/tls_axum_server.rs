use autumn_ws::AppState;
use axum::Router;
use axum_server::{Handle, tls_rustls::RustlsConfig};
use std::{io, net::SocketAddr, time::Duration};
use tokio::{
    signal::unix::{SignalKind, signal},
    time::sleep,
};

/// Serves `app` over TLS until SIGTERM, and then ends it in order.
pub async fn serve(
    listener: std::net::TcpListener,
    certificate: &str,
    key: &str,
    app: Router,
    state: AppState,
) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let handle = Handle::new();
    let closing = handle.clone();
    let leave = async move {
        terminate.recv().await;
        // Load balancers notice that readiness is 503, while everything works.
        state.shutdown().linger(Duration::from_secs(5)).await;
        // New connections are refused, and requests under way are answered, while sockets say goodbye.
        closing.graceful_shutdown(Some(Duration::from_secs(20)));
        sleep(Duration::from_secs(1)).await;
        state.shutdown().drain(Duration::from_secs(20)).await;
        Ok(())
    };
    let tls = RustlsConfig::from_pem_file(certificate, key).await?;
    let mut server = axum_server::from_tcp_rustls(listener, tls)?.handle(handle);
    // Sockets over HTTP/2.
    server.http_builder().http2().enable_connect_protocol();
    // With the address of each client, for logs.
    let serve = server.serve(app.into_make_service_with_connect_info::<SocketAddr>());
    tokio::try_join!(serve, leave)?;
    Ok(())
}
