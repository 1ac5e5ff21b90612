//! One replica: the chat as it is, with channels from the environment.

use autumn_ws::{AppState, CancellationToken, metrics, ready};
use axum::{Router, routing::get};
use std::{
    env,
    error::Error,
    io::{self, Read},
    thread,
};
use tokio::net::TcpListener;

/// The chat, with routes for load balancers, monitoring, and people.
///
/// In production, metrics belong on an address of their own.
pub fn app(state: AppState) -> Router {
    let internal = Router::new()
        .route("/ready", get(ready))
        .route("/metrics", get(metrics::prometheus))
        .route("/sockets", get(metrics::json))
        .with_state(state.clone());
    chat::app(state).merge(internal)
}

/// Serves the chat until a signal arrives, or the launcher is gone.
///
/// # Errors
///
/// If the engine refuses, or the address cannot be used.
pub async fn run() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    let orphaned = input_ends();
    // This waits for an engine that is away.
    let state = tokio::select! {
        state = autumn_ws::from_env() => state?,
        () = orphaned.cancelled() => return Ok(()),
    };
    let address = env::var("ADDRESS").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let shutdown = state.shutdown();
    tokio::spawn(async move {
        orphaned.cancelled().await;
        shutdown.begin();
    });
    autumn_ws::serve(listener, app(state.clone()), state.shutdown()).await?;
    Ok(())
}

/// Cancelled when standard input ends: then the launcher is gone.
fn input_ends() -> CancellationToken {
    let ends = CancellationToken::new();
    let token = ends.clone();
    thread::spawn(move || {
        // At the end, or on an error.
        io::stdin().read_to_end(&mut Vec::new()).ok();
        token.cancel();
    });
    ends
}
