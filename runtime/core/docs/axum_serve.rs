use autumn_ws::AppState;
use axum::Router;
use std::{io, net::SocketAddr, time::Duration};
use tokio::{
    net::TcpListener,
    signal::{ctrl_c, unix},
    sync::oneshot,
    time::sleep,
};

/// Serves `app` until SIGTERM or Ctrl-C, and then ends it in order.
pub async fn serve(listener: TcpListener, app: Router, state: AppState) -> io::Result<()> {
    let mut terminate = unix::signal(unix::SignalKind::terminate())?;
    let shutdown = state.shutdown();
    let (close, closed) = oneshot::channel();
    let leave = async move {
        tokio::select! {
            // Load balancers notice that readiness is 503, while everything works.
            _ = terminate.recv() => state.shutdown().linger(Duration::from_secs(5)).await,
            _ = ctrl_c() => {}
        }
        close.send(()).ok();
    };
    // With the address of each client, for logs.
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    // After `leave`, new connections are refused, and requests under way are answered …
    let serve = axum::serve(listener, app).with_graceful_shutdown(leave);
    // … while sockets say goodbye.
    let drain = async move {
        closed.await.ok();
        // The last requests for sockets are still arriving.
        sleep(Duration::from_secs(1)).await;
        // Longer than the longest `DRAIN`.
        shutdown.drain(Duration::from_secs(20)).await;
    };
    let (served, ()) = tokio::join!(serve.into_future(), drain);
    served
}
