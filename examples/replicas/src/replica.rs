//! One replica: the chat as it is, with its channels where the environment says.

use autumn_ws::{AppState, CancellationToken, metrics, ready};
use axum::{Router, routing::get};
use std::{
    env,
    error::Error,
    io::{self, Read},
    thread,
};
use tokio::net::TcpListener;

/// The chat, with what those who run it need: a load balancer, monitoring, and people.
///
/// In production the numbers belong on an address of their own.
pub fn app(state: AppState) -> Router {
    let internal = Router::new()
        .route("/ready", get(ready))
        .route("/metrics", get(metrics::prometheus))
        .route("/sockets", get(metrics::json))
        .with_state(state.clone());
    chat::app(state).merge(internal)
}

/// Serves the chat until it is told to end, or nobody is left who would do that.
///
/// # Errors
///
/// When the channels or the address are refused.
pub async fn run() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    let orphaned = input_ends();
    // An engine that is away is waited for.
    let state = tokio::select! {
        state = AppState::from_env() => state?,
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

/// Cancelled when the standard input ends: whoever has started this process is gone.
fn input_ends() -> CancellationToken {
    let ends = CancellationToken::new();
    let token = ends.clone();
    thread::spawn(move || {
        // Whether it ends or fails.
        io::stdin().read_to_end(&mut Vec::new()).ok();
        token.cancel();
    });
    ends
}
