use autumn_ws::AppState;
use axum::Router;
use std::{io, net::SocketAddr, time::Duration};
use tokio::{
    net::TcpListener,
    signal::{ctrl_c, unix},
};

/// Serves `app` until SIGTERM or Ctrl-C, and then ends it in order.
pub async fn serve(listener: TcpListener, app: Router, state: AppState) -> io::Result<()> {
    let mut terminate = unix::signal(unix::SignalKind::terminate())?;
    let shutdown = state.shutdown();
    let drained = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = ctrl_c() => {}
        }
        // Sockets say goodbye while requests are still answered. Longer than the longest `DRAIN`.
        shutdown.drain(Duration::from_secs(20)).await;
    };
    // With the address of each client, for logs.
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    // When sockets are gone, requests under way are answered.
    axum::serve(listener, app)
        .with_graceful_shutdown(drained)
        .await
}
