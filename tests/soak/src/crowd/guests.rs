//! Clients that behave.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message;

use super::client::{Client, End, Socket, close, expect, head, hear, hear_end};
use crate::Outcome;

/// Rooms in which guests meet.
const ROOMS: u64 = 40;

/// A number that was never used before.
fn unique() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A path to a channel that nobody has used.
pub fn unheard_of(path: &str) -> String {
    format!("{path}/once-{}", unique())
}

/// Talks in a room, hears its messages in order, and leaves in one of several ways.
pub async fn room(client: Client) -> Outcome {
    let path = match fastrand::u8(..4) {
        0 => unheard_of("/rooms"),
        _ => format!("/rooms/{}", fastrand::u64(..ROOMS)),
    };
    let mut socket = client.open(&path).await?;
    let name = format!("guest {}:", unique());
    // A burst is more than the channel keeps: clients that cannot follow are closed.
    let count = if fastrand::u8(..16) == 0 { 200 } else { 10 };
    for number in 0..count {
        if socket
            .feed(Message::text(format!("{name} {number}")))
            .await
            .is_err()
        {
            break;
        }
    }
    // Closed in the meantime for being too slow, which is checked below.
    socket.flush().await.ok();
    match hear_own(&mut socket, &name, count).await? {
        Some(end) => return expect(&end, &End::Closed(1013)),
        None => sleep(Duration::from_millis(fastrand::u64(..1000))).await,
    }
    match fastrand::u8(..4) {
        0 => drop(socket),
        1 => socket.get_ref().set_zero_linger()?,
        _ => close(socket, 1000).await?,
    }
    Ok(())
}

/// Hears its own messages, among others. `None` if it heard all.
async fn hear_own(socket: &mut Socket, name: &str, count: u64) -> Outcome<Option<End>> {
    let mut expected = 0;
    while expected < count {
        let message = match hear(socket).await {
            Ok(message) => message,
            Err(end) => return Ok(Some(end)),
        };
        let Some(number) = message.to_text()?.strip_prefix(name) else {
            continue;
        };
        if number.trim().parse::<u64>()? != expected {
            return Err(format!("{number} instead of {expected}").into());
        }
        expected += 1;
    }
    Ok(None)
}

/// Stays for a while and listens.
pub async fn stay(client: Client) -> Outcome {
    let path = format!("/rooms/{}", fastrand::u64(..ROOMS));
    let mut socket = client.open(&path).await?;
    let stay = Duration::from_secs(fastrand::u64(1..30));
    match timeout(stay, hear_end(&mut socket)).await {
        // Closed in the meantime for being too slow.
        Ok(end) => expect(&end, &End::Closed(1013)),
        Err(_) => close(socket, 1000).await,
    }
}

/// Sends many messages of all sizes at once; each is echoed.
pub async fn burst(client: Client) -> Outcome {
    let (mut sink, mut stream) = client.open("/echo").await?.split();
    let longest = if fastrand::u8(..8) == 0 {
        300_000
    } else {
        4000
    };
    let count = fastrand::usize(1..64);
    let messages: Vec<Message> = (0..count)
        .map(|_| Message::binary(vec![fastrand::u8(..); fastrand::usize(..longest)]))
        .collect();
    let talk = async {
        for message in &messages {
            sink.feed(message.clone()).await?;
        }
        sink.flush().await
    };
    let listen = async {
        for expected in &messages {
            let heard = stream.next().await.ok_or("the end")??;
            if heard != *expected {
                return Err("a different message was echoed".into());
            }
        }
        Outcome::Ok(())
    };
    let (talked, listened) = tokio::join!(talk, listen);
    talked?;
    listened?;
    close(stream.reunite(sink)?, 1000).await
}

/// Joins rooms from user code, waits for slow answers, and is closed.
pub async fn desk(client: Client) -> Outcome {
    let mut socket = client.open("/desk/visitor").await?;
    for _ in 0..fastrand::u8(..4) {
        let room = fastrand::u64(..ROOMS);
        socket.send(Message::text(format!("join {room}"))).await?;
    }
    socket.send(Message::text("work")).await?;
    socket.send(Message::text("bye")).await?;
    expect(&hear_end(&mut socket).await, &End::Closed(4000))
}

/// Sends a frame byte by byte, then a message in many fragments with a ping between them.
pub async fn trickle(client: Client) -> Outcome {
    let mut stream = client.open_raw("/echo").await?;
    for byte in [&head(0x81, 5)[..], b"hello"].concat() {
        stream.write_all(&[byte]).await?;
        sleep(Duration::from_millis(fastrand::u64(..30))).await;
    }
    let mut echo = [0; 7];
    stream.read_exact(&mut echo).await?;
    stream
        .write_all(&[&head(0x01, 1)[..], b"("].concat())
        .await?;
    for _ in 0..fastrand::u8(..100) {
        stream
            .write_all(&[&head(0x00, 1)[..], b"-"].concat())
            .await?;
    }
    stream.write_all(&head(0x89, 0)).await?;
    stream
        .write_all(&[&head(0x80, 1)[..], b")"].concat())
        .await?;
    let mut head = [0; 2];
    stream.read_exact(&mut head).await?;
    Ok(())
}

/// Connects and leaves, each time in a room of its own.
pub async fn churn(client: Client) -> Outcome {
    for _ in 0..20 {
        let socket = client.open(&unheard_of("/rooms")).await?;
        if fastrand::bool() {
            close(socket, 1001).await?;
        }
    }
    Ok(())
}
