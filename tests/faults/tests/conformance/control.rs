//! 2: pings and pongs.

use super::{Case, run};
use test_kit::{Frame, PING, PONG};

fn ping(payload: impl Into<Vec<u8>>) -> Frame {
    Frame::new(PING, payload)
}

fn pong(payload: impl Into<Vec<u8>>) -> Frame {
    Frame::new(PONG, payload)
}

#[tokio::test]
async fn pongs_have_the_payload_of_their_ping() {
    let payloads: [&[u8]; 5] = [b"", b"hello", &[0, 255, 254, 0], &[0xfe; 125], &[0; 1]];
    let cases = payloads.into_iter().flat_map(|payload| {
        let name = format!("2: ping of {}", payload.len());
        let case = move || Case::echoes(&*name, &[ping(payload)], &[pong(payload)]);
        [case(), case().chopped(1)]
    });
    run(cases).await;
}

#[tokio::test]
async fn many_pings_are_answered_in_order() {
    let sent: Vec<_> = (0..10).map(|n| ping(format!("ping {n}"))).collect();
    let heard: Vec<_> = (0..10).map(|n| pong(format!("ping {n}"))).collect();
    let case = || Case::echoes("2.10: ten pings", &sent, &heard);
    run([case(), case().at_once(), case().chopped(1)]).await;
}

#[tokio::test]
async fn unsolicited_pongs_are_ignored() {
    let unasked = [pong(""), pong("unasked"), ping("asked")];
    run([
        Case::echoes("2.7: a pong", &unasked[..1], &[]),
        Case::echoes("2.9: a pong, then a ping", &unasked, &[pong("asked")]),
    ])
    .await;
}

#[tokio::test]
async fn long_or_fragmented_control_frames_are_refused() {
    let part = |opcode| [Frame::part(opcode, "x")];
    run([
        Case::fails("2.5: a long ping", &[ping([0xfe; 126])], 1002),
        Case::fails("a very long ping", &[ping(vec![0xfe; 70_000])], 1002),
        Case::fails("a long pong", &[pong([0xfe; 126])], 1002),
        Case::fails("5.1: a ping in parts", &part(PING), 1002),
        Case::fails("5.2: a pong in parts", &part(PONG), 1002),
    ])
    .await;
}
