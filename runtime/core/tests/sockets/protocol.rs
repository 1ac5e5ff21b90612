//! RFC 6455 on the wire, with clients that break it.

use crate::{
    app::{Plain, millis, next, start_reporting},
    raw::{BINARY, CLOSE, PING, PONG, RawClient, TEXT, frame},
};
use autumn_ws_core::{AppState, ClosedBy, Endpoint};
use std::time::Duration;
use tokio::{io::AsyncWriteExt, time::sleep};

/// The server's close code after these bytes.
async fn close_code_after(bytes: &[u8]) -> u16 {
    let (server, mut ends) = start_reporting::<Plain>(&AppState::new());
    let mut client = RawClient::open(server.addr()).await;
    client.write(bytes).await;
    let (code, _) = client.closed().await;
    assert_eq!(next(&mut ends).await.code(), code);
    code
}

#[tokio::test]
async fn protocol_errors_close_with_1002() {
    let unmasked = [TEXT, 1, b'x'];
    let reserved_bit = frame(TEXT | 0x40, b"x");
    let reserved_opcode = frame(0x83, b"x");
    let reserved_control = frame(0x8b, b"x");
    let long_ping = frame(PING, &[0; 126]);
    let split_ping = frame(PING & 0x7f, b"x");
    let continuation_of_nothing = frame(0x80, b"x");
    let no_continuation = [frame(0x01, b"x"), frame(TEXT, b"x")].concat();
    let half_a_code = frame(CLOSE, &[3]);
    let cases: [&[u8]; 9] = [
        &unmasked,
        &reserved_bit,
        &reserved_opcode,
        &reserved_control,
        &long_ping,
        &split_ping,
        &continuation_of_nothing,
        &no_continuation,
        &half_a_code,
    ];
    let codes = cases.map(|bytes| async move { close_code_after(bytes).await });
    for code in futures_util::future::join_all(codes).await {
        assert_eq!(code, 1002);
    }
}

#[tokio::test]
async fn close_codes_that_may_not_be_used_close_with_1002() {
    let codes = [0_u16, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535];
    let codes =
        codes.map(|code| async move { close_code_after(&frame(CLOSE, &code.to_be_bytes())).await });
    for code in futures_util::future::join_all(codes).await {
        assert_eq!(code, 1002);
    }
}

#[tokio::test]
async fn invalid_utf_8_closes_with_1007() {
    let whole = frame(TEXT, &[0xff]);
    let over_fragments = [frame(0x01, &[0xc3]), frame(0x80, &[0xff])].concat();
    let unfinished = [frame(0x01, &[0xc3]), frame(0x80, &[])].concat();
    let reason = frame(CLOSE, &[3, 232, 0xff]);
    for bytes in [whole, over_fragments, unfinished, reason] {
        assert_eq!(close_code_after(&bytes).await, 1007);
    }
}

#[tokio::test]
async fn close_codes_are_echoed() {
    for code in [1000_u16, 1001, 1003, 1007, 1011, 3000, 4999] {
        assert_eq!(
            close_code_after(&frame(CLOSE, &code.to_be_bytes())).await,
            code
        );
    }
}

#[tokio::test]
async fn pings_between_fragments_are_answered() {
    let (server, _ends) = start_reporting::<Plain>(&AppState::new());
    let mut client = RawClient::open(server.addr()).await;
    client.write(&frame(0x01, b"frag")).await;
    client.write(&frame(PING, b"there?")).await;
    assert_eq!(client.frame().await, Some((PONG, b"there?".to_vec())));
    client.write(&frame(0x00, b"men")).await;
    client.write(&frame(0x80, b"ted")).await;
    assert_eq!(client.frame().await, Some((TEXT, b"fragmented".to_vec())));
}

#[tokio::test]
async fn frames_may_trickle_in() {
    let (server, _ends) = start_reporting::<Plain>(&AppState::new());
    let mut client = RawClient::open(server.addr()).await;
    client.stream.set_nodelay(true).unwrap();
    for byte in frame(BINARY, b"drop by drop") {
        client.write(&[byte]).await;
        sleep(millis(2)).await;
    }
    assert_eq!(
        client.frame().await,
        Some((BINARY, b"drop by drop".to_vec()))
    );
}

#[tokio::test]
async fn the_connection_ends_after_the_closing_handshake() {
    let (server, _ends) = start_reporting::<Plain>(&AppState::new());
    let mut client = RawClient::open(server.addr()).await;
    client.write(&frame(TEXT, b"last")).await;
    client.write(&frame(CLOSE, &[3, 232])).await;
    assert_eq!(client.frame().await, Some((TEXT, b"last".to_vec())));
    assert_eq!(client.frame().await, Some((CLOSE, vec![3, 232])));
    assert_eq!(client.frame().await, None);
}

#[tokio::test]
async fn a_client_that_only_stops_sending_is_gone() {
    let (server, mut ends) = start_reporting::<Plain>(&AppState::new());
    let mut client = RawClient::open(server.addr()).await;
    client.stream.shutdown().await.unwrap();
    assert_eq!(next(&mut ends).await.by(), ClosedBy::Network);
    assert_eq!(client.frame().await, None);
}

struct Brief;

impl Endpoint for Brief {
    const NAME: &'static str = "brief";
    const SEND_TIMEOUT: Duration = millis(200);
}

#[tokio::test]
async fn the_server_does_not_wait_forever_for_a_close() {
    let state = AppState::new();
    let (server, _ends) = start_reporting::<Brief>(&state);
    let mut client = RawClient::open(server.addr()).await;
    state.shutdown().begin();
    assert_eq!(client.closed().await.0, 1012);
    // The server stops waiting, and the connection ends.
    assert_eq!(client.frame().await, None);
}

#[tokio::test]
async fn bytes_after_a_close_are_not_awaited() {
    let state = AppState::new();
    let (server, mut ends) = start_reporting::<Brief>(&state);
    let mut client = RawClient::open(server.addr()).await;
    state.shutdown().begin();
    assert_eq!(next(&mut ends).await.code(), 1012);
    let (mut read, mut write) = client.stream.split();
    let chatter = async { while write.write_all(&frame(TEXT, &[b'x'; 1000])).await.is_ok() {} };
    let mut nowhere = tokio::io::sink();
    let end = tokio::io::copy(&mut read, &mut nowhere);
    let both = async { tokio::join!(chatter, end) };
    tokio::time::timeout(millis(3000), both)
        .await
        .expect("the connection ends")
        .1
        .ok();
}
