//! 7: the closing handshake.

use std::time::Duration;

use tokio::time::sleep;

use super::{Case, run};
use crate::support::Server;
use test_kit::{BINARY, CLOSE, End, Frame, Heard, PING, PONG, TEXT};

#[tokio::test]
async fn valid_close_codes_are_echoed() {
    let codes = [
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 3999, 4000, 4999,
    ];
    let cases = codes.into_iter().flat_map(|code: u16| {
        ["", "a reason"].map(|reason| {
            let frame = Frame::close(code, reason);
            Case::closes_alike(format!("7.7: {code} {reason}"), &frame)
        })
    });
    run(cases).await;
}

#[tokio::test]
async fn invalid_close_codes_are_refused() {
    let codes = [
        0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535,
    ];
    let case = |code| Case::fails(format!("7.9: {code}"), &[Frame::close(code, "")], 1002);
    run(codes.map(case)).await;
}

#[tokio::test]
async fn payloads_of_all_sizes() {
    let close = |size: usize| Frame::close(1000, &"x".repeat(size));
    run([
        Case::closes(
            "7.3.1: none",
            &[Frame::new(CLOSE, "")],
            Frame::new(CLOSE, ""),
        ),
        Case::fails("7.3.2: half a code", &[Frame::new(CLOSE, [3])], 1002),
        Case::closes("7.3.5: the longest reason", &[close(123)], close(123)),
        Case::fails("7.3.6: a longer reason", &[close(124)], 1002),
        Case::fails("in parts", &[Frame::part(CLOSE, [3, 232])], 1002),
        Case::closes("in chops", &[close(5)], close(5)).chopped(1),
    ])
    .await;
}

#[tokio::test]
async fn messages_before_the_close_are_answered() {
    let text = Frame::text("last");
    let bye = Frame::close(1000, "bye");
    let question = Frame::new(PING, "now?");
    let answer = Frame::new(PONG, "now?");
    let case = || {
        Case::closes(
            "7.1.1: a message before",
            &[text.clone(), question.clone(), bye.clone()],
            bye.clone(),
        )
        .after(&[text.clone(), answer.clone()])
    };
    run([case(), case().at_once(), case().chopped(1)]).await;
}

#[tokio::test]
async fn bytes_after_the_close_are_not_answered() {
    let bye = Frame::close(1000, "bye");
    let late = [
        Frame::text("late"),
        Frame::new(PING, "late"),
        bye.clone(),
        Frame::raw(0xff, "not even a frame"),
        Frame::part(TEXT, "late"),
    ];
    let cases = late.into_iter().flat_map(|late| {
        let name = format!("7.1.2: {late:?} after");
        let sent = [bye.clone(), late];
        let case = || Case::closes(&*name, &sent, bye.clone());
        [case().at_once()]
    });
    run(cases).await;
}

#[tokio::test]
async fn a_close_between_fragments_closes() {
    let bye = Frame::close(1000, "bye");
    let sent = [Frame::part(TEXT, "unfinished"), bye.clone()];
    run([Case::closes("7.1.5", &sent, bye)]).await;
}

/// The server keeps the connection until its close is answered, whatever is still in flight: a
/// connection that is dropped earlier would be reset.
#[tokio::test]
async fn the_server_waits_for_the_answer() {
    let server = Server::start().await;
    for (path, fault) in [
        ("/echo", Frame::new(TEXT, [0xff])),
        ("/echo", Frame::raw(0xf1, "")),
        ("/narrow", Frame::text("x".repeat(1001))),
        ("/text-only", Frame::new(BINARY, "bytes")),
    ] {
        let mut socket = server.open(path).await;
        let peer = format!("peer={}", socket.name());
        socket.send(fault).await;
        socket.closed().await;
        for late in [Frame::text("late"), Frame::new(PING, "late")] {
            socket.send(late).await;
            sleep(Duration::from_millis(20)).await;
        }
        socket.send(Frame::close(1000, "")).await;
        assert_eq!(socket.hear().await, Heard::End(End::Fin));
        drop(socket);
        server.logged(&[&peer, "session ended"]).await;
    }
}
