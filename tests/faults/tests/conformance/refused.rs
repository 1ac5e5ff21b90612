//! 3: reserved bits; 4: reserved opcodes; and other frames that are not allowed.

use super::{Case, run};
use test_kit::{BINARY, CLOSE, FIN, Frame, PING, TEXT};

#[tokio::test]
async fn reserved_bits() {
    let cases = (1..8_u8).flat_map(|bits| {
        [TEXT, BINARY, PING, CLOSE].map(|opcode| {
            let frame = Frame::raw(FIN | bits << 4 | opcode, "");
            Case::fails(format!("3: bits {bits} of {opcode}"), &[frame], 1002)
        })
    });
    run(cases).await;
}

#[tokio::test]
async fn reserved_bits_after_a_valid_message() {
    let sent = [Frame::text("well"), Frame::raw(FIN | 0x40 | TEXT, "not so")];
    let case = || Case::fails("3.2: after a message", &sent, 1002).after(&sent[..1]);
    run([case(), case().at_once(), case().chopped(1)]).await;
}

#[tokio::test]
async fn reserved_opcodes() {
    let cases = (3..8).chain(11..16).flat_map(|opcode: u8| {
        ["", "payload"].map(|payload| {
            let sent = [Frame::text("well"), Frame::new(opcode, payload)];
            Case::fails(format!("4: opcode {opcode}"), &sent, 1002).after(&sent[..1])
        })
    });
    run(cases).await;
}

#[tokio::test]
async fn unmasked_frames() {
    let cases = [TEXT, BINARY, PING, CLOSE].map(|opcode| {
        let case = Case::fails(format!("unmasked {opcode}"), &[], 1002);
        let pieces = vec![Frame::new(opcode, "").unmasked()];
        Case { pieces, ..case }
    });
    run(cases).await;
}

#[tokio::test]
async fn messages_that_are_too_big() {
    let fits = Frame::text("x".repeat(1000));
    let exceeds = [Frame::text("x".repeat(1001))];
    let parts = [
        Frame::part(TEXT, "x".repeat(600)),
        Frame::new(0, "x".repeat(401)),
    ];
    let announced = Case {
        // An enormous length, without any payload.
        pieces: vec![vec![0x82, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]],
        ..Case::fails("too big, announced", &[], 1009)
    };
    let cases = [
        Case::comes_back("just not too big", &fits),
        Case::fails("too big", &exceeds, 1009),
        Case::fails("too big in parts", &parts, 1009),
        announced,
    ];
    run(cases.map(|case| case.at("/narrow"))).await;
}

#[tokio::test]
async fn messages_of_the_wrong_kind() {
    let text = || [Frame::text("text")];
    let bytes = || [Frame::new(BINARY, "bytes")];
    run([
        Case::echoes("text for text", &text(), &text()).at("/text-only"),
        Case::echoes("bytes for bytes", &bytes(), &bytes()).at("/binary-only"),
        Case::fails("bytes for text", &bytes(), 1003).at("/text-only"),
        Case::fails("text for bytes", &text(), 1003).at("/binary-only"),
    ])
    .await;
}
