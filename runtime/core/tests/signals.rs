//! SIGTERM to this process. It is alone in its file, because it ends every server of the process.

#![cfg(unix)]

use autumn_ws_core::{AppState, serve};
use axum::Router;
use std::{
    process::{Command, id},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};

#[tokio::test]
async fn sigterm_begins_the_shutdown() {
    let state = AppState::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let app = Router::new().with_state(state.clone());
    let server = tokio::spawn(serve(listener, app, state.shutdown()));
    // A server that answers listens to signals. Before that, a signal would end the tests.
    let mut client = TcpStream::connect(addr).await.unwrap();
    let request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    client.write_all(request).await.unwrap();
    assert!(client.read(&mut [0; 1024]).await.unwrap() > 0);
    let kill = Command::new("kill")
        .args(["-TERM", &id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    let ended = timeout(Duration::from_secs(20), server).await;
    ended.expect("the server ends").unwrap().unwrap();
    assert!(state.shutdown().has_begun());
}
