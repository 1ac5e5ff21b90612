//! 9: large messages, in fragments and chops.

use super::{Case, run};
use test_kit::{BINARY, CONTINUATION, Frame, TEXT};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// The largest frame that the server sends.
const FRAME: usize = 4 * MIB;

#[tokio::test]
async fn whole() {
    let sizes = [64 * KIB, 256 * KIB, MIB, 4 * MIB, 16 * MIB];
    for size in sizes {
        let cases = [TEXT, BINARY].map(|opcode| {
            let sent = [Frame::new(opcode, vec![b'*'; size])];
            let heard = fragments(opcode, size);
            Case::echoes(format!("9.1: {opcode} of {size}"), &sent, &heard)
        });
        run(cases).await;
    }
}

/// A message of this size in as few frames as the server makes of it.
fn fragments(opcode: u8, size: usize) -> Vec<Frame> {
    let count = size.div_ceil(FRAME);
    let fragment = |index: usize| {
        let opcode = if index == 0 { opcode } else { CONTINUATION };
        let payload = vec![b'*'; FRAME.min(size - index * FRAME)];
        if index + 1 == count {
            Frame::new(opcode, payload)
        } else {
            Frame::part(opcode, payload)
        }
    };
    (0..count).map(fragment).collect()
}

#[tokio::test]
async fn in_fragments() {
    let message = vec![b'*'; 4 * MIB];
    let cases = [256, 4 * KIB, 64 * KIB, MIB].map(|size| {
        let mut sent: Vec<_> = message
            .chunks(size)
            .map(|part| Frame::part(CONTINUATION, part))
            .collect();
        sent.insert(0, Frame::part(BINARY, ""));
        sent.push(Frame::new(CONTINUATION, ""));
        let heard = [Frame::new(BINARY, &*message)];
        Case::echoes(format!("9.3: fragments of {size}"), &sent, &heard).at_once()
    });
    run(cases).await;
}

#[tokio::test]
async fn in_small_writes() {
    let cases = [64, 256, KIB, 16 * KIB].map(|size| {
        let frame = Frame::new(TEXT, vec![b'*'; MIB]);
        Case::comes_back("9.5: of 1 MiB", &frame).chopped(size)
    });
    run(cases).await;
}

/// Characters that cross fragments and chops.
#[tokio::test]
async fn text_of_many_characters() {
    let text = "a\u{b5}\u{20ac}\u{1f980}".repeat(50_000);
    let mut sent: Vec<_> = text
        .as_bytes()
        .chunks(1021)
        .map(|part| Frame::part(CONTINUATION, part))
        .collect();
    sent.insert(0, Frame::part(TEXT, ""));
    sent.push(Frame::new(CONTINUATION, ""));
    let heard = [Frame::text(&*text)];
    let case = || Case::echoes("6: many characters", &sent, &heard);
    run([case().at_once(), case().chopped(1013)]).await;
}
