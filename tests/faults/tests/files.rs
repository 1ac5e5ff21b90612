//! The process may not open more files: connected clients stay, and waiting ones get in later.

use futures_util::future::join_all;

use crate::support::Server;
use test_kit::{connect, handshake, read_head, soon};
use tokio::io::AsyncWriteExt;

#[tokio::test]
async fn without_files_left_clients_wait() {
    const FILES: u32 = 40;
    const TOO_MANY: usize = 60;
    let server = Server::start_with_files(FILES).await;
    let before = server.measures().await;
    let mut first = server.open("/echo").await;
    let mut crowd = Vec::new();
    for _ in 0..TOO_MANY {
        let mut stream = connect(server.addr).await;
        let request = handshake(server.addr, "/echo", "");
        stream.write_all(request.as_bytes()).await.unwrap();
        crowd.push(stream);
    }
    assert_eq!(first.ask_for("still there?").await, "still there?");
    // Clients that got in leave, so that the others get in: in the end each is answered.
    let answers = crowd
        .into_iter()
        .map(|mut stream| async move { read_head(&mut stream).await });
    for answer in soon("an answer for each", join_all(answers)).await {
        assert!(answer.starts_with("HTTP/1.1 101 "), "{answer:?}");
    }
    assert_eq!(first.ask_for("still there?").await, "still there?");
    first.close().await;
    server.settles_at(before).await;
}
