//! The process that the tests start. It prints its address, and in the end what it has done.

use std::io::{self, Read};
use std::process::exit;
use std::thread;
use std::time::Duration;

use autumn_ws::Shutdown;
use axum::Router;
use fault_tests::{App, control, ws};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing::Level;

#[tokio::main]
async fn main() -> io::Result<()> {
    tracing_subscriber::fmt()
        .with_max_level(Level::DEBUG)
        .with_writer(io::stderr)
        .with_ansi(false)
        .init();
    thread::spawn(end_with_the_test);
    let app = App::default();
    let router = ws::router().merge(control::router());
    let router = router.with_state(app.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let shutdown = app.ws().shutdown();
    println!("listening {}", listener.local_addr()?);
    if std::env::args().any(|arg| arg == "by-hand") {
        serve_by_hand(listener, router, shutdown).await?;
    } else {
        autumn_ws::serve(listener, router, shutdown).await?;
    }
    println!("farewells {}", app.farewells());
    Ok(())
}

/// As the documentation of [`Shutdown`] shows.
async fn serve_by_hand(
    listener: TcpListener,
    router: Router,
    shutdown: Shutdown,
) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    axum::serve(listener, router)
        .with_graceful_shutdown(async move {
            terminate.recv().await;
            let left = shutdown.drain(Duration::from_mins(1)).await;
            println!("left {left}");
        })
        .await
}

/// Ends the process when the one that started it is gone.
fn end_with_the_test() {
    let mut input = Vec::new();
    // At the end, or on an error: the other side is gone.
    let _ = io::stdin().read_to_end(&mut input);
    exit(70);
}
