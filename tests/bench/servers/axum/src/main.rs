//! The benchmark's server, written by hand as axum's documentation and examples show: a tokio
//! broadcast channel, a `select!` loop for each socket, and `send(..).await` for each message.

mod user;

use self::user::User;
use axum::{
    Router,
    extract::{
        State,
        ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
    },
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::any,
    serve::ListenerExt,
};
use job::{Burst, CAPACITY, same_origin};
use std::io;
use tokio::{
    net::TcpListener,
    sync::broadcast::{Receiver, Sender, channel, error::RecvError},
};

/// The channels. A message is shared by its receivers, not copied.
#[derive(Clone)]
struct AppState {
    feed: Sender<Utf8Bytes>,
    room: Sender<Utf8Bytes>,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let state = AppState {
        feed: channel(CAPACITY).0,
        room: channel(CAPACITY).0,
    };
    let app = Router::new()
        .route("/echo", any(echo))
        .route("/feed", any(feed))
        .route("/room", any(room))
        .route("/control", any(control))
        .route("/connect", any(connect))
        .with_state(state);
    // Without TCP_NODELAY, small messages wait for acknowledgements: see `axum::serve::ListenerExt`.
    let listener = TcpListener::bind(job::address()).await?.tap_io(|stream| {
        stream.set_nodelay(true).ok();
    });
    axum::serve(listener, app).await
}

async fn echo(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(echo_socket)
}

async fn connect(upgrade: WebSocketUpgrade, headers: HeaderMap, _user: User) -> Response {
    if !same_origin(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    upgrade.on_upgrade(echo_socket)
}

async fn feed(upgrade: WebSocketUpgrade, State(state): State<AppState>) -> Response {
    upgrade.on_upgrade(move |socket| relay(socket, state.feed.subscribe(), None))
}

async fn room(upgrade: WebSocketUpgrade, State(state): State<AppState>) -> Response {
    upgrade.on_upgrade(move |socket| relay(socket, state.room.subscribe(), Some(state.room)))
}

async fn control(upgrade: WebSocketUpgrade, State(state): State<AppState>) -> Response {
    upgrade.on_upgrade(move |socket| obey(socket, state.feed))
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

/// Sends what arrives on a channel, and publishes what the client says, if it may.
async fn relay(
    mut socket: WebSocket,
    mut messages: Receiver<Utf8Bytes>,
    publisher: Option<Sender<Utf8Bytes>>,
) {
    loop {
        tokio::select! {
            message = messages.recv() => match message {
                Ok(message) => {
                    if socket.send(Message::Text(message)).await.is_err() {
                        return;
                    }
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            },
            said = socket.recv() => match said {
                Some(Ok(Message::Text(text))) => {
                    if let Some(publisher) = &publisher {
                        publisher.send(text).ok();
                    }
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
        }
    }
}

/// Publishes as ordered.
async fn obey(mut socket: WebSocket, feed: Sender<Utf8Bytes>) {
    while let Some(Ok(message)) = socket.recv().await {
        if let Message::Text(text) = message
            && let Some(burst) = Burst::parse(&text)
        {
            for message in burst.messages() {
                feed.send(message.into()).ok();
            }
        }
    }
}
