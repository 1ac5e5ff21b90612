//! Messages come back, in order.

use autumn_ws::{AppState, Closed, Endpoint, Event, Session, Upgrade, serve};
use axum::{Router, response::Response, routing::any};
use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{client_async, tungstenite::Message};

struct Echo;

impl Endpoint for Echo {
    const NAME: &'static str = "echo";
}

async fn upgrade(upgrade: Upgrade<Echo>) -> Response {
    upgrade.on_upgrade(echo)
}

async fn echo(mut session: Session) -> Result<(), Closed> {
    while let Some(event) = session.next().await {
        match event {
            Event::Message(message) => session.send(message).await?,
            _ => {
                session
                    .close(Echo::SHUTDOWN_CODE, Echo::SHUTDOWN_REASON)
                    .await?
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_burst_comes_back_in_order() {
    let state = AppState::new();
    let app = Router::new()
        .route("/echo", any(upgrade))
        .with_state(state.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let server = tokio::spawn(serve(listener, app, state.shutdown()));
    let stream = TcpStream::connect(addr).await.unwrap();
    let (mut socket, _) = client_async(format!("ws://{addr}/echo"), stream)
        .await
        .unwrap();
    for n in 0..1000 {
        socket.feed(Message::text(n.to_string())).await.unwrap();
    }
    socket.flush().await.unwrap();
    for n in 0..1000 {
        assert_eq!(
            socket.next().await.unwrap().unwrap(),
            Message::text(n.to_string())
        );
    }
    state.shutdown().begin();
    let close = socket.next().await.unwrap().unwrap();
    assert!(
        matches!(&close, Message::Close(Some(f)) if u16::from(f.code) == 1001),
        "{close}"
    );
    drop(socket);
    server.await.unwrap().unwrap();
}
