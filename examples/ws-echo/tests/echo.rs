//! Runs the program as a user does, and talks to it with a WebSocket client that is not ours.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use test_kit::{Message, Process, Request};
use tokio::process::Command;

#[tokio::test]
async fn a_client_hears_what_it_sends() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ws-echo"));
    let program = Process::start(command.env("ADDRESS", "127.0.0.1:0"));
    let line = program.out.wait_for(&["listening on ws://"]).await;
    let (_, url) = line.split_once("://").unwrap();
    let (address, path) = url.split_at(url.find('/').unwrap());
    let mut client = Request::new(address.parse().unwrap(), path).open().await;

    for said in [Message::text("hello"), Message::binary(vec![0, 159, 255])] {
        client.send(said.clone()).await;
        assert_eq!(client.message().await, said);
    }
    client.close(1000, "").await;
}
