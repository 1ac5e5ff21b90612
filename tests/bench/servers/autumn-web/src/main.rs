//! The benchmark's server, on autumn-web's `#[ws]` and channels, as its documentation shows.

mod user;

use self::user::SameOriginUser;
use autumn_web::{
    prelude::*,
    ws::{Message, WebSocket, WsHandler},
};
use job::Burst;

#[autumn_web::main]
async fn main() {
    autumn_web::app()
        .routes(routes![echo, feed, room, control, connect])
        .run()
        .await;
}

#[ws("/echo")]
async fn echo() -> impl WsHandler {
    echo_socket
}

#[ws("/connect")]
async fn connect(_user: SameOriginUser) -> impl WsHandler {
    echo_socket
}

#[ws("/feed")]
async fn feed(state: AppState) -> impl WsHandler {
    let mut messages = state.channels().subscribe("feed");
    async move |mut socket: WebSocket| {
        loop {
            tokio::select! {
                said = socket.recv() => if !matches!(said, Some(Ok(_))) {
                    return;
                },
                message = messages.recv() => if let Ok(message) = message {
                    let text = message.into_string().into();
                    if socket.send(Message::Text(text)).await.is_err() {
                        return;
                    }
                },
            }
        }
    }
}

#[ws("/room")]
async fn room(state: AppState) -> impl WsHandler {
    let room = state.channels().sender("room");
    let mut messages = state.channels().subscribe("room");
    async move |mut socket: WebSocket| {
        loop {
            tokio::select! {
                said = socket.recv() => match said {
                    Some(Ok(Message::Text(text))) => {
                        room.send(text.to_string()).ok();
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return,
                },
                message = messages.recv() => if let Ok(message) = message {
                    let text = message.into_string().into();
                    if socket.send(Message::Text(text)).await.is_err() {
                        return;
                    }
                },
            }
        }
    }
}

/// Publishes as ordered.
#[ws("/control")]
async fn control(state: AppState) -> impl WsHandler {
    let feed = state.channels().sender("feed");
    async move |mut socket: WebSocket| {
        while let Some(Ok(message)) = socket.recv().await {
            if let Message::Text(text) = message
                && let Some(burst) = Burst::parse(&text)
            {
                for message in burst.messages() {
                    feed.send(message).ok();
                }
            }
        }
    }
}

async fn echo_socket(mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        if let Message::Text(_) | Message::Binary(_) = message
            && socket.send(message).await.is_err()
        {
            return;
        }
    }
}
