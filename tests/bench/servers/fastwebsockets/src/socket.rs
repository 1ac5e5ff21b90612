//! Loops on a live socket.

use fastwebsockets::{
    FragmentCollector, FragmentCollectorRead, Frame, OpCode, Payload, WebSocketError,
    WebSocketRead, WebSocketWrite, upgrade::UpgradeFut,
};
use hyper::{body::Bytes, upgrade::Upgraded};
use hyper_util::rt::TokioIo;
use job::Burst;
use std::str;
use tokio::{
    io::{ReadHalf, WriteHalf},
    sync::{
        Mutex,
        broadcast::{Receiver, Sender, error::RecvError},
    },
};

type Reading = WebSocketRead<ReadHalf<TokioIo<Upgraded>>>;
type Writing = Mutex<WebSocketWrite<WriteHalf<TokioIo<Upgraded>>>>;

pub async fn echo(upgraded: UpgradeFut) -> Result<(), WebSocketError> {
    let mut socket = FragmentCollector::new(upgraded.await?);
    loop {
        let frame = socket.read_frame().await?;
        match frame.opcode {
            OpCode::Close => return Ok(()),
            OpCode::Text | OpCode::Binary => socket.write_frame(frame).await?,
            _ => {}
        }
    }
}

/// Sends what arrives on a channel, and publishes what the client says, if it may.
pub async fn relay(
    upgraded: UpgradeFut,
    messages: Receiver<Bytes>,
    publisher: Option<Sender<Bytes>>,
) -> Result<(), WebSocketError> {
    let (reading, writing) = upgraded.await?.split(tokio::io::split);
    let writing = Mutex::new(writing);
    tokio::select! {
        ended = hear(reading, &writing, publisher) => ended,
        ended = tell(messages, &writing) => ended,
    }
}

/// Publishes as ordered.
pub async fn obey(upgraded: UpgradeFut, feed: Sender<Bytes>) -> Result<(), WebSocketError> {
    let mut socket = FragmentCollector::new(upgraded.await?);
    loop {
        let frame = socket.read_frame().await?;
        if frame.opcode == OpCode::Close {
            return Ok(());
        }
        let text = str::from_utf8(&frame.payload).unwrap_or_default();
        for message in Burst::parse(text).into_iter().flat_map(Burst::messages) {
            feed.send(message.into()).ok();
        }
    }
}

async fn hear(
    reading: Reading,
    writing: &Writing,
    publisher: Option<Sender<Bytes>>,
) -> Result<(), WebSocketError> {
    let mut reading = FragmentCollectorRead::new(reading);
    // Pongs, and the answer to a close frame.
    let mut answer = async |frame| writing.lock().await.write_frame(frame).await;
    loop {
        let frame = reading.read_frame(&mut answer).await?;
        match frame.opcode {
            OpCode::Close => return Ok(()),
            OpCode::Text => {
                if let Some(publisher) = &publisher {
                    publisher.send(Bytes::copy_from_slice(&frame.payload)).ok();
                }
            }
            _ => {}
        }
    }
}

async fn tell(mut messages: Receiver<Bytes>, writing: &Writing) -> Result<(), WebSocketError> {
    loop {
        match messages.recv().await {
            Ok(message) => {
                let frame = Frame::text(Payload::Borrowed(&message));
                writing.lock().await.write_frame(frame).await?;
            }
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return Ok(()),
        }
    }
}
