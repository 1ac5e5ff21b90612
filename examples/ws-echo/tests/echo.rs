//! Runs the program as a user does, and talks to it with a WebSocket client that is not ours.
#![allow(clippy::expect_used, reason = "a test fails by a panic")]

use futures_util::{SinkExt, StreamExt};
use std::{process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};
use tokio_tungstenite::{connect_async, tungstenite::Message};

/// How long a test may take before it fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// Starts the program on a free port, and returns the URL it prints. It ends when the handle is
/// dropped.
async fn start() -> (Child, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_ws-echo"))
        .env("ADDRESS", "127.0.0.1:0")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(program.stdout.take().expect("a pipe")).lines();
    let line = lines.next_line().await.expect("text").expect("a line");
    let url = line.strip_prefix("listening on ").expect("a URL");
    (program, url.to_owned())
}

#[tokio::test]
async fn a_client_hears_what_it_sends() {
    let conversation = async {
        let (_program, url) = start().await;
        let (mut client, _) = connect_async(url).await.unwrap();

        for said in [Message::text("hello"), Message::binary(vec![0, 159, 255])] {
            client.send(said.clone()).await.unwrap();
            let heard = client.next().await.unwrap().unwrap();
            assert_eq!(heard, said);
        }

        client.close(None).await.unwrap();
        let answer = client.next().await.unwrap().unwrap();
        assert!(answer.is_close(), "{answer:?}");
    };
    timeout(PATIENCE, conversation).await.expect("an answer");
}
