//! Messages that are longer than the frames that clients take.

use crate::{
    app::{Plain, echo, in_time, start},
    raw::{PING, RawClient, TEXT, frame},
};
use autumn_ws_core::{AppState, Event, Session};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::{client_async, tungstenite::Message};

const MIB: usize = 1024 * 1024;

async fn send_long(mut session: Session) -> Result<(), autumn_ws_core::Closed> {
    while let Some(event) = session.next().await {
        match event {
            Event::Message(autumn_ws_core::Message::Text(kind)) if kind.as_str() == "text" => {
                session.send("é".repeat(20 * MIB)).await?;
                session.send("the end").await?;
            }
            Event::Message(_) => session.send(vec![7; 40 * MIB]).await?,
            event => session.fallback(event).await?,
        }
    }
    Ok(())
}

/// A client with the usual limits: 16 MiB for a frame.
#[tokio::test]
async fn a_client_takes_a_message_of_40_mib() {
    let server = start::<Plain, _, _>(&AppState::new(), send_long);
    let stream = TcpStream::connect(server.addr()).await.unwrap();
    let url = format!("ws://{}/", server.addr());
    let (mut client, _) = client_async(url, stream).await.unwrap();
    client.send(Message::binary("now")).await.unwrap();
    let message = in_time(client.next()).await.unwrap().unwrap();
    assert!(message.into_data() == vec![7; 40 * MIB]);
    client.send(Message::text("text")).await.unwrap();
    let message = in_time(client.next()).await.unwrap().unwrap();
    assert!(message.into_text().unwrap().as_str() == "é".repeat(20 * MIB));
    let message = in_time(client.next()).await.unwrap().unwrap();
    assert_eq!(message.into_text().unwrap().as_str(), "the end");
}

#[tokio::test]
async fn a_long_message_comes_in_fragments_and_nothing_between_them() {
    let server = start::<Plain, _, _>(&AppState::new(), send_long);
    let mut client = RawClient::open(server.addr()).await;
    client.write(&frame(TEXT, b"now")).await;
    client.write(&frame(TEXT, b"text")).await;
    client.write(&frame(PING, b"still there?")).await;
    let mut received = 0;
    let mut first = 0x02;
    while received < 40 * MIB {
        let (byte, payload) = client.frame().await.unwrap();
        received += payload.len();
        let is_last = received == 40 * MIB;
        assert_eq!(byte, first | if is_last { 0x80 } else { 0 });
        assert!(payload.len() <= 4 * MIB);
        first = 0;
    }
}

#[tokio::test]
async fn a_message_of_an_ordinary_size_is_one_frame() {
    let server = start::<Plain, _, _>(&AppState::new(), echo);
    let mut client = RawClient::open(server.addr()).await;
    let payload = vec![b'x'; MIB];
    client.write(&frame(TEXT, &payload)).await;
    assert!(client.frame().await.unwrap() == (TEXT, payload));
}
