//! SIGTERM to this process. Alone in its file, because it ends every server of the process.

#![cfg(unix)]

use autumn_ws::{AppState, serve};
use axum::Router;
use std::{
    process::{Command, id},
    time::Duration,
};
use tokio::{net::TcpListener, time::timeout};

#[tokio::test]
async fn sigterm_begins_the_shutdown() {
    let state = AppState::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let app = Router::new().with_state(state.clone());
    let server = tokio::spawn(serve(listener, app, state.shutdown()));
    // The server listens to signals from its first poll.
    tokio::time::sleep(Duration::from_millis(50)).await;
    let kill = Command::new("kill")
        .args(["-TERM", &id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    let ended = timeout(Duration::from_secs(5), server).await;
    ended.expect("the server ends").unwrap().unwrap();
    assert!(state.shutdown().has_begun());
}
