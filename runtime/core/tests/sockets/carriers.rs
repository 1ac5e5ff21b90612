//! Connections that do not behave like TCP.

use crate::{
    app::{Plain, run_echo},
    memory::start_over,
    raw::{BINARY, HANDSHAKE, RawClient},
};
use autumn_ws_core::AppState;
use tokio::{
    io::{AsyncReadExt, BufStream, duplex, join, sink},
    sync::mpsc,
};

/// Like TLS: written bytes leave when flushed, which may take a while.
#[tokio::test(start_paused = true)]
async fn a_buffering_connection_is_flushed_completely() {
    const SIZE: usize = 200_000;
    let connect = start_over::<Plain, _, _, _>(&AppState::new(), async |mut session| {
        session.send(vec![7; SIZE]).await?;
        run_echo(&mut session).await
    });
    let (client, server) = duplex(1024);
    connect
        .send(BufStream::with_capacity(16, 2 * SIZE, server))
        .unwrap();
    let mut client = RawClient::over(client).await;
    assert!(client.frame().await.unwrap() == (BINARY, vec![7; SIZE]));
}

/// Code that never stops sending, to a client that reads everything.
#[tokio::test]
async fn a_fast_connection_yields_to_other_tasks() {
    let state = AppState::new();
    let (report, mut reports) = mpsc::unbounded_channel();
    let connect = start_over::<Plain, _, _, _>(&state, move |mut session| {
        let report = report.clone();
        async move {
            for n in 0_u64.. {
                session.send("more").await?;
                if n % 1000 == 0 {
                    report.send(n).unwrap();
                }
            }
            Ok(())
        }
    });
    // It sends nothing else, and never ends.
    let (never, _held) = duplex(1);
    let says = HANDSHAKE.as_bytes().chain(never);
    connect.send(join(says, sink())).unwrap();
    for n in 0..10 {
        assert_eq!(reports.recv().await, Some(n * 1000));
    }
    state.shutdown().begin();
}
