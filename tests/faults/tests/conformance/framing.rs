//! 1: sizes; 5: fragments; 10: fragments that the client's library makes.

use super::{Case, run};
use test_kit::{BINARY, CONTINUATION, Frame, PING, PONG, TEXT};

/// On both sides of where the encoding of a frame's length changes.
const SIZES: [usize; 10] = [0, 1, 124, 125, 126, 127, 128, 65_535, 65_536, 65_537];

fn of_size(opcode: u8, size: usize) -> Case {
    let frame = Frame::new(opcode, vec![b'*'; size]);
    Case::comes_back(format!("1: {opcode} of {size}"), &frame)
}

#[tokio::test]
async fn messages_of_all_sizes() {
    let both = SIZES
        .into_iter()
        .flat_map(|size| [(TEXT, size), (BINARY, size)]);
    run(both.map(|(opcode, size)| of_size(opcode, size))).await;
}

#[tokio::test]
async fn messages_of_all_sizes_in_small_writes() {
    let cases = SIZES.into_iter().flat_map(|size| {
        let chops = [1, 2, 3, 997, 4096].into_iter();
        // Byte by byte only for the small ones.
        let chops = chops.filter(move |chop| size / chop < 1000);
        chops.map(move |chop| of_size(BINARY, size).chopped(chop))
    });
    run(cases).await;
}

/// A message in these parts.
fn parts(opcode: u8, parts: &[&str]) -> Vec<Frame> {
    let last = parts.len() - 1;
    let frame = |(index, part): (usize, &&str)| {
        let opcode = if index == 0 { opcode } else { CONTINUATION };
        if index == last {
            Frame::new(opcode, *part)
        } else {
            Frame::part(opcode, *part)
        }
    };
    parts.iter().enumerate().map(frame).collect()
}

fn fragmented(opcode: u8, texts: &[&str]) -> Case {
    let name = format!("5: {opcode} in parts {texts:?}");
    Case::echoes(
        name,
        &parts(opcode, texts),
        &[Frame::new(opcode, texts.concat())],
    )
}

#[tokio::test]
async fn fragmented_messages() {
    let several = [
        vec!["one", "two"],
        vec!["", "", ""],
        vec!["", "middle", ""],
        vec!["a", "b", "c", "d", "e", "f"],
    ];
    let cases = several.iter().flat_map(|texts| {
        [TEXT, BINARY].into_iter().flat_map(move |opcode| {
            let case = || fragmented(opcode, texts);
            [case(), case().at_once(), case().chopped(1)]
        })
    });
    run(cases).await;
}

#[tokio::test]
async fn control_frames_between_fragments() {
    let [first, last] = parts(TEXT, &["one", "two"]).try_into().unwrap();
    let ping = |text: &str| Frame::new(PING, text);
    let answer = |text: &str| Frame::new(PONG, text);
    let sent = [
        first,
        ping("1"),
        answer("nobody asked"),
        ping("2"),
        last,
        ping("3"),
    ];
    let heard = [answer("1"), answer("2"), Frame::text("onetwo"), answer("3")];
    let case = || Case::echoes("5.6: pings between", &sent, &heard);
    run([case(), case().at_once(), case().chopped(1)]).await;
}

#[tokio::test]
async fn invalid_sequences_of_fragments() {
    let end = || Frame::new(CONTINUATION, "end");
    let cases = [
        Case::fails("5.9: a continuation of nothing", &[end()], 1002),
        Case::fails(
            "5.10: the same, to be continued",
            &[Frame::part(CONTINUATION, "x")],
            1002,
        ),
        Case::fails(
            "5.12: after a message",
            &[Frame::text("whole"), end()],
            1002,
        )
        .after(&[Frame::text("whole")]),
        Case::fails(
            "5.15: after a fragmented one",
            &[&parts(TEXT, &["a", "b"])[..], &[end()]].concat(),
            1002,
        )
        .after(&[Frame::text("ab")]),
        Case::fails(
            "5.18: a message within",
            &[Frame::part(TEXT, "x"), Frame::text("y")],
            1002,
        ),
        Case::fails(
            "a part of another within",
            &[Frame::part(TEXT, "x"), Frame::part(TEXT, "y")],
            1002,
        ),
        Case::fails(
            "bytes within text",
            &[Frame::part(TEXT, "x"), Frame::new(BINARY, "y")],
            1002,
        ),
        Case::fails(
            "text within bytes",
            &[Frame::part(BINARY, "x"), Frame::new(TEXT, "y")],
            1002,
        ),
    ];
    run(cases).await;
}

#[tokio::test]
async fn many_fragments_of_one_message() {
    let text = "*".repeat(65_536);
    let cases = [1, 64, 1300, 65_535].map(|size| {
        let pieces: Vec<_> = text.as_bytes().chunks(size).collect();
        let pieces: Vec<_> = pieces
            .iter()
            .map(|piece| std::str::from_utf8(piece).unwrap())
            .collect();
        let sent = parts(TEXT, &pieces);
        Case::echoes(
            format!("10.1: fragments of {size}"),
            &sent,
            &[Frame::text(&*text)],
        )
        .at_once()
    });
    run(cases).await;
}

#[tokio::test]
async fn several_messages_in_a_row() {
    let frames: Vec<_> = (0..1000)
        .map(|n| Frame::text(format!("message {n}")))
        .collect();
    run([Case::echoes("many at once", &frames, &frames).at_once()]).await;
}
