//! 6: text is UTF-8 (RFC 3629). The standard library decides what is valid.

use super::{Case, run};
use test_kit::{BINARY, CLOSE, CONTINUATION, Frame, PING, PONG, TEXT};

/// The first and last character of each length, and those around the excluded ranges.
const VALID: [&[u8]; 14] = [
    b"",
    b"Hello-\xc2\xb5@\xc3\x9f\xc3\xb6\xc3\xa4\xc3\xbc\xc3\xa0\xc3\xa1-UTF-8!!",
    b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5",
    b"\x00",
    b"\x7f",
    b"\xc2\x80",
    b"\xdf\xbf",
    b"\xe0\xa0\x80",
    b"\xed\x9f\xbf",
    b"\xee\x80\x80",
    b"\xef\xbf\xbd",
    b"\xef\xbf\xbf",
    b"\xf0\x90\x80\x80",
    b"\xf4\x8f\xbf\xbf",
];

const INVALID: [&[u8]; 30] = [
    // Beyond the last code point, and lengths that do not exist.
    b"\xf4\x90\x80\x80",
    b"\xf5\x80\x80\x80",
    b"\xf7\xbf\xbf\xbf",
    b"\xf8\x88\x80\x80\x80",
    b"\xfb\xbf\xbf\xbf\xbf",
    b"\xfc\x84\x80\x80\x80\x80",
    b"\xfd\xbf\xbf\xbf\xbf\xbf",
    b"\xfe",
    b"\xff",
    b"\xfe\xfe\xff\xff",
    // No character begins with these.
    b"\x80",
    b"\xbf",
    b"\x80\xbf\x80\xbf\x80",
    // Incomplete characters.
    b"\xc3",
    b"\xe2\x82",
    b"\xf0\x9f\xa6",
    b"\xc3(",
    b"\xe2\x82(",
    b"\xf0\x9f\xa6(",
    b"\xe2\x82\xe2\x82",
    // Overlong encodings.
    b"\xc0\xaf",
    b"\xc1\xbf",
    b"\xe0\x80\xaf",
    b"\xe0\x9f\xbf",
    b"\xf0\x80\x80\xaf",
    b"\xf0\x8f\xbf\xbf",
    // UTF-16 surrogates.
    b"\xed\xa0\x80",
    b"\xed\xad\xbf",
    b"\xed\xbf\xbf",
    b"\xed\xa0\x80\xed\xb0\x80",
];

#[test]
fn the_tables_are_correct() {
    assert!(VALID.iter().all(|bytes| std::str::from_utf8(bytes).is_ok()));
    assert!(
        INVALID
            .iter()
            .all(|bytes| std::str::from_utf8(bytes).is_err())
    );
}

/// The bytes, alone and among others.
fn among(bytes: &[u8]) -> [Vec<u8>; 2] {
    [bytes.to_vec(), [b"before ", bytes, b" after"].concat()]
}

/// The bytes in two fragments, split at each place, with a ping in between.
fn split(bytes: &[u8]) -> impl Iterator<Item = [Frame; 3]> {
    (0..=bytes.len()).map(|place| {
        let (first, second) = bytes.split_at(place);
        let ping = Frame::new(PING, "");
        [
            Frame::part(TEXT, first),
            ping,
            Frame::new(CONTINUATION, second),
        ]
    })
}

#[tokio::test]
async fn valid_text() {
    let cases = VALID.into_iter().flat_map(among).map(|bytes| {
        let frame = Frame::new(TEXT, bytes);
        Case::comes_back(format!("6: {frame:?}"), &frame)
    });
    run(cases).await;
}

#[tokio::test]
async fn valid_text_split_anywhere() {
    let cases = VALID.into_iter().flat_map(|bytes| {
        let heard = [Frame::new(PONG, ""), Frame::new(TEXT, bytes)];
        split(bytes).map(move |sent| Case::echoes(format!("6: {sent:?}"), &sent, &heard))
    });
    run(cases).await;
}

#[tokio::test]
async fn valid_text_in_single_bytes() {
    let cases = VALID
        .into_iter()
        .filter(|bytes| !bytes.is_empty())
        .flat_map(|bytes| {
            let mut sent = vec![Frame::part(TEXT, "")];
            sent.extend(bytes.iter().map(|byte| Frame::part(CONTINUATION, [*byte])));
            sent.push(Frame::new(CONTINUATION, ""));
            let heard = [Frame::new(TEXT, bytes)];
            let case = || Case::echoes(format!("6: {:?} by bytes", heard[0]), &sent, &heard);
            [case(), case().at_once()]
        });
    run(cases).await;
}

#[tokio::test]
async fn invalid_text() {
    let cases = INVALID.into_iter().flat_map(among).map(|bytes| {
        let frame = Frame::new(TEXT, bytes);
        Case::fails(format!("6: {frame:?}"), &[frame], 1007)
    });
    run(cases).await;
}

/// As soon as no continuation could make it valid: the rest is never sent.
#[tokio::test]
async fn invalid_text_is_refused_before_its_end() {
    let hopeless = INVALID.into_iter().filter(|bytes| {
        let error = std::str::from_utf8(bytes).unwrap_err();
        error.error_len().is_some()
    });
    let cases = hopeless.flat_map(|bytes| {
        let whole = [Frame::part(TEXT, bytes)];
        let later = [
            Frame::part(TEXT, "before "),
            Frame::part(CONTINUATION, bytes),
        ];
        let name = format!("6.4: {whole:?}");
        [
            Case::fails(&*name, &whole, 1007),
            Case::fails(&*name, &later, 1007),
        ]
    });
    run(cases).await;
}

/// Everything sent is read, wherever it became invalid.
#[tokio::test]
async fn invalid_text_split_anywhere() {
    let cases = INVALID.into_iter().flat_map(|bytes| {
        split(bytes).map(move |[first, _, second]| {
            let sent = [first, second];
            Case::fails(format!("6: {sent:?}"), &sent, 1007).at_once()
        })
    });
    run(cases).await;
}

#[tokio::test]
async fn close_reasons() {
    let close = |reason: &[u8]| Frame::new(CLOSE, [&1000_u16.to_be_bytes(), reason].concat());
    let valid = VALID.map(|reason| {
        let frame = close(reason);
        Case::closes_alike(format!("7: {frame:?}"), &frame)
    });
    let invalid = INVALID.map(|reason| {
        let frame = close(reason);
        Case::fails(format!("7.5: {frame:?}"), &[frame], 1007)
    });
    run(valid.into_iter().chain(invalid)).await;
}

/// Binary messages may hold any bytes.
#[tokio::test]
async fn binary_messages_are_not_validated() {
    let cases = INVALID.map(|bytes| {
        let frame = Frame::new(BINARY, bytes);
        Case::comes_back(format!("{frame:?}"), &frame)
    });
    run(cases).await;
}
