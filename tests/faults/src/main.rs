//! The process that the tests start. It prints its address, and in the end what it has done.

use std::io::{self, Read};
use std::process::exit;
use std::thread;

use fault_tests::{App, control, ws};
use tokio::net::TcpListener;
use tracing::Level;

/// The recipe in the documentation of `Shutdown`.
#[path = "../../../runtime/core/docs/axum_serve.rs"]
mod axum_serve;

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
    println!("listening {}", listener.local_addr()?);
    if std::env::args().any(|arg| arg == "by-hand") {
        axum_serve::serve(listener, router, app.ws().clone()).await?;
    } else {
        autumn_ws::serve(listener, router, app.ws().shutdown()).await?;
    }
    println!("farewells {}", app.farewells());
    Ok(())
}

/// Ends the process when the one that started it is gone.
fn end_with_the_test() {
    let mut input = Vec::new();
    // At the end, or on an error: the other side is gone.
    let _ = io::stdin().read_to_end(&mut input);
    exit(70);
}
