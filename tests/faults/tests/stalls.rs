//! A client that stops reading: what happens to it, and what others notice.

use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::support::{FLOOD, Server};
use test_kit::{End, Frame, Heard, PING, PONG, Socket, TEXT};

/// A client that does not read, although more is sent to it than its connection can hold.
async fn stall(server: &Server, path: &str) -> Socket {
    let socket = server.open(path).await;
    assert_eq!(server.flood("stalls").await, 1);
    socket
}

#[tokio::test]
async fn it_is_cut_after_the_send_timeout() {
    let server = Server::start().await;
    let before = server.measures().await;
    let mut stalled = stall(&server, "/stalls/brisk").await;
    let cut = [
        "stalls.brisk",
        "by=server",
        "code=1006",
        "the client takes no data",
    ];
    server.logs_the_end_of(stalled.name(), &cut).await;
    server
        .settles(|now| now.sessions == 0 && now.channels == 0, "all is freed")
        .await;
    // There was no room for a close frame: the data ends in the middle.
    let mut whole = 0;
    while let Heard::Frame(frame) = stalled.listen().await {
        assert_eq!(frame.opcode(), TEXT);
        whole += 1;
    }
    assert!(whole < FLOOD);
    let counted = server.counted("endpoints/stalls.brisk/send_timeouts").await;
    assert_eq!(counted, 1);
    drop(stalled);
    server.settles_at(before).await;
}

#[tokio::test]
async fn it_is_cut_although_it_answers_pings() {
    is_cut_although_it_sends(&Frame::new(PONG, "")).await;
}

#[tokio::test]
async fn it_is_cut_although_it_keeps_talking() {
    is_cut_although_it_sends(&Frame::new(TEXT, "and")).await;
}

async fn is_cut_although_it_sends(frame: &Frame) {
    let server = Server::start().await;
    let stalled = stall(&server, "/stalls/brisk").await;
    let name = stalled.name();
    let (_unread, mut write) = stalled.stream.into_split();
    let alive = async move {
        let frames = frame.masked().repeat(100);
        while write.write_all(&frames).await.is_ok() {
            yield_now().await;
        }
    };
    let cut = ["by=server", "code=1006", "the client takes no data"];
    tokio::join!(alive, server.logs_the_end_of(name, &cut));
}

#[tokio::test]
async fn its_idle_timer_runs() {
    let server = Server::start().await;
    let before = server.measures().await;
    let stalled = stall(&server, "/stalls/silent").await;
    let idle = ["stalls.silent", "by=server", "code=1001", "idle"];
    server.logs_the_end_of(stalled.name(), &idle).await;
    let counted = server
        .counted("endpoints/stalls.silent/idle_timeouts")
        .await;
    assert_eq!(counted, 1);
    server.settles_at(before).await;
}

#[tokio::test]
async fn its_messages_are_read_and_it_can_catch_up() {
    let server = Server::start().await;
    let mut stalled = stall(&server, "/stalls/patient").await;
    stalled.send(Frame::new(PING, "there?")).await;
    stalled.say("here").await;
    let mut last = None;
    let (mut answered, mut echoed, mut pinged) = (false, false, false);
    // What the channel kept, the answers to its own messages, and the next heartbeat.
    while !(answered && echoed && pinged && last == Some(FLOOD - 1)) {
        match stalled.hear().await {
            Heard::Frame(frame) if frame.opcode() == PING => pinged = true,
            Heard::Frame(frame) if frame.opcode() == PONG => {
                assert_eq!(frame.payload, b"there?");
                answered = true;
            }
            Heard::Frame(frame) if frame.payload == b"here" => echoed = true,
            Heard::Frame(frame) => {
                let number = frame.number();
                assert!(last < Some(number), "{number} after {last:?}");
                last = Some(number);
            }
            Heard::End(end) => panic!("it was cut: {end:?}"),
        }
    }
    stalled.close().await;
}

#[tokio::test]
async fn a_slow_reader_is_not_cut() {
    let server = Server::start().await;
    let mut slow = stall(&server, "/stalls/slow").await;
    // Twice as long as a client may read nothing.
    for _ in 0..100 {
        slow.sip().await;
        sleep(Duration::from_millis(100)).await;
    }
    slow.say("done").await;
    while slow.frame().await.payload != b"done" {}
    slow.close().await;
}

#[tokio::test]
async fn its_close_is_noticed() {
    let server = Server::start().await;
    let before = server.measures().await;
    let mut stalled = stall(&server, "/stalls/patient").await;
    stalled.send(Frame::close(4000, "enough")).await;
    // The session has ended: it no longer listens.
    server
        .settles(|now| now.listeners == 0, "no listener")
        .await;
    // It still reads what was sent before, then the answer.
    assert_eq!(stalled.closed_at_last().await, (4000, "enough".to_owned()));
    assert_eq!(stalled.end().await, End::Fin);
    let end = ["by=client", "code=4000", "enough"];
    server.logs_the_end_of(stalled.name(), &end).await;
    drop(stalled);
    server.settles_at(before).await;
}

#[tokio::test]
async fn its_loss_is_noticed() {
    let server = Server::start().await;
    let before = server.measures().await;
    let stalled = stall(&server, "/stalls/patient").await;
    let name = stalled.name();
    stalled.reset();
    server
        .logs_the_end_of(name, &["by=network", "code=1006"])
        .await;
    let counted = server
        .counted("endpoints/stalls.patient/closed/network/1006")
        .await;
    assert_eq!(counted, 1);
    server.settles_at(before).await;
}

#[tokio::test]
async fn others_miss_nothing_and_memory_stays_bounded() {
    const STALLED: usize = 10;
    const STEADY: usize = 4;
    /// Half of what the channel keeps.
    const ROUND: u64 = 32;
    const SIZE: usize = 16 * 1024;

    let server = Server::start().await;
    let mut stalled = Vec::new();
    for _ in 0..STALLED {
        stalled.push(server.open("/stalls/patient").await);
    }
    let mut steady = Vec::new();
    for _ in 0..STEADY {
        steady.push(server.open("/stalls/steady").await);
    }
    let mut resident = 0;
    for round in 0..40 {
        let numbers = round * ROUND..(round + 1) * ROUND;
        assert_eq!(
            server.publish("stalls", numbers.clone(), SIZE).await,
            STALLED + STEADY
        );
        // Nobody waits for clients that do not read.
        for socket in &mut steady {
            for number in numbers.clone() {
                assert_eq!(socket.frame().await.number(), number);
            }
        }
        if round == 9 {
            resident = server.resident().await;
        }
    }
    // Thirty more rounds were 15 MiB for each client that does not read.
    let more = server.resident().await.saturating_sub(resident);
    assert!(more < 8 * 1024, "{more} KiB more");
}
