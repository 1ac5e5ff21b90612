//! The handler of `/reader`: joins a channel first, and sends on what arrives.

use autumn_ws::{Channels, Closed, Message, Rejection, Session};

use super::{ReaderHandler, ReaderRequest};
use crate::AppState;

/// One connected client of `/reader`.
pub struct Reader(Channels);

impl ReaderHandler for Reader {
    async fn open(state: &AppState, _: ReaderRequest) -> Result<Self, Rejection> {
        Ok(Self(state.ws().channels().clone()))
    }

    async fn on_open(&mut self, session: &mut Session) -> Result<(), Closed> {
        session.subscribe("book", self.0.subscribe("shelf"));
        session.send("joined").await
    }

    async fn on_message(&mut self, _: Message, _: &mut Session) -> Result<(), Closed> {
        Ok(())
    }

    async fn on_channel(
        &mut self,
        channel: &'static str,
        message: Message,
        session: &mut Session,
    ) -> Result<(), Closed> {
        let text = message.to_text().unwrap_or_default();
        session.send(format!("{channel}: {text}")).await
    }
}
