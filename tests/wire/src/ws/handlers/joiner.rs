//! The handler of `/joiner`: joins a channel of any name, and leaves its messages to the trait's
//! default.

use autumn_ws::{Channels, Closed, Message, Rejection, Session};

use super::{JoinerHandler, JoinerRequest};
use crate::AppState;

/// One connected client of `/joiner`.
pub struct Joiner(Channels);

impl JoinerHandler for Joiner {
    async fn open(state: &AppState, _: JoinerRequest) -> Result<Self, Rejection> {
        Ok(Self(state.ws().channels().clone()))
    }

    async fn on_message(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        let name = message.to_text().unwrap_or_default();
        session.subscribe("joined", self.0.subscribe(name));
        session.send("joined").await
    }
}
