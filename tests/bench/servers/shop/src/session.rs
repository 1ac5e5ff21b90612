//! An open socket.

use crate::{
    hub::{Mail, Seat},
    messages::{FromClient, Invalid, ToClient},
    rate::Rate,
};
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use metrics::{counter, gauge};
use shop_rest::Error;
use std::{convert::Infallible, time::Duration};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};

/// How often a client is pinged.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// How long a client may be silent: a connection that is lost must not keep its place.
const IDLE: Duration = Duration::from_mins(1);
/// How long a client may take to read a message, or to answer a close.
const PATIENCE: Duration = Duration::from_secs(10);

/// What an endpoint does with the messages of a client.
pub trait Handler: Send + 'static {
    /// The client with this seat has sent a message.
    fn on_message(
        &mut self,
        message: FromClient,
        seat: &Seat,
    ) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// Why a message has no effect.
pub enum Fault {
    /// The client should not have sent it.
    Invalid(Invalid),
    /// The shop has failed.
    Failed(Error),
}

/// For clients that have nothing to say.
pub struct Silent;

impl Handler for Silent {
    async fn on_message(&mut self, _: FromClient, _: &Seat) -> Result<(), Fault> {
        Err(Fault::Invalid(Invalid::new("/type", "be known here")))
    }
}

/// Why a session ends.
enum End {
    /// The client has gone, or does not read.
    Gone,
    /// The client has closed.
    Closed,
    /// The server closes.
    Close(u16, &'static str),
}

/// An open socket, and all that belongs to it.
pub struct Session {
    pub socket: WebSocket,
    pub seat: Seat,
    pub endpoint: &'static str,
    pub expires: Instant,
    pub rate: Rate,
}

impl Session {
    /// Greets the client, and serves it until one side closes.
    pub async fn run(mut self, greeting: Option<ToClient>, mut handler: impl Handler) {
        counter!("shop_sessions_opened_total", "endpoint" => self.endpoint).increment(1);
        let open = gauge!("shop_sessions_open", "endpoint" => self.endpoint);
        open.increment(1);
        let Err(end) = self.serve(greeting, &mut handler).await;
        open.decrement(1);
        // Its place is free for the next.
        let Self { socket, seat, .. } = self;
        drop(seat);
        close(socket, end).await;
    }

    async fn serve(
        &mut self,
        greeting: Option<ToClient>,
        handler: &mut impl Handler,
    ) -> Result<Infallible, End> {
        if let Some(greeting) = greeting {
            self.send(&greeting).await?;
        }
        let mut heard = Instant::now();
        let mut heartbeat = interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                mail = self.seat.next() => match mail {
                    Some(Ok(mail)) => self.deliver(mail).await?,
                    Some(Err(_)) => return Err(End::Close(1013, "too slow")),
                    None => return Err(End::Gone),
                },
                message = self.socket.recv(), if self.rate.has_room() => {
                    heard = Instant::now();
                    let message = message.and_then(Result::ok).ok_or(End::Gone)?;
                    self.receive(message, handler).await?;
                }
                () = self.rate.room(), if !self.rate.has_room() => {}
                () = sleep_until(self.expires) => {
                    return Err(End::Close(4401, "the login has expired"));
                }
                _ = heartbeat.tick() => {
                    // Nothing is heard of a client that is slowed down.
                    if self.rate.has_room() && heard.elapsed() > IDLE {
                        return Err(End::Gone);
                    }
                    self.transmit(Message::Ping(Vec::new().into())).await?;
                }
            }
        }
    }

    /// Passes on what others have published.
    async fn deliver(&mut self, mail: Mail) -> Result<(), End> {
        match mail {
            Mail::Message { except, .. } if except == Some(self.seat.id) => Ok(()),
            Mail::Message { text, .. } => self.send_text(text).await,
            Mail::Close(code, reason) => Err(End::Close(code, reason)),
        }
    }

    async fn receive(&mut self, message: Message, handler: &mut impl Handler) -> Result<(), End> {
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return Err(End::Close(1003, "send text")),
            Message::Close(_) => return Err(End::Closed),
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
        };
        self.rate.count();
        counter!("shop_messages_total", "endpoint" => self.endpoint, "direction" => "in")
            .increment(1);
        let done = match FromClient::read(&text) {
            Ok(message) => handler.on_message(message, &self.seat).await,
            Err(invalid) => Err(Fault::Invalid(invalid)),
        };
        match done {
            Ok(()) => Ok(()),
            Err(Fault::Invalid(invalid)) => {
                counter!("shop_messages_invalid_total", "endpoint" => self.endpoint).increment(1);
                let errors = [invalid];
                self.send(&ToClient::Invalid { errors }).await
            }
            Err(Fault::Failed(error)) => {
                tracing::error!(%error, "a message could not be handled");
                Err(End::Close(1011, "this is our fault"))
            }
        }
    }

    async fn send(&mut self, message: &ToClient) -> Result<(), End> {
        let text = message.encode();
        let text = text.map_err(|_| End::Close(1011, "this is our fault"))?;
        self.send_text(text).await
    }

    async fn send_text(&mut self, text: Utf8Bytes) -> Result<(), End> {
        counter!("shop_messages_total", "endpoint" => self.endpoint, "direction" => "out")
            .increment(1);
        self.transmit(Message::Text(text)).await
    }

    async fn transmit(&mut self, message: Message) -> Result<(), End> {
        match timeout(PATIENCE, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }
}

/// Closes the socket. If the server closes, the client must answer before the connection is cut, or may not see why.
async fn close(mut socket: WebSocket, end: End) {
    let closing = async {
        match end {
            End::Gone => return,
            End::Closed => {}
            End::Close(code, reason) => {
                let reason = reason.into();
                let frame = CloseFrame { code, reason };
                if socket.send(Message::Close(Some(frame))).await.is_err() {
                    return;
                }
            }
        }
        while let Some(Ok(_)) = socket.recv().await {}
    };
    // Without an answer it is cut.
    let _ = timeout(PATIENCE, closing).await;
}
