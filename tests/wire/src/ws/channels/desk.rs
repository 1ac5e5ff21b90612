//! The handler of `/desk`: marks every message with its channel.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{DeskHandler, DeskRequest};

/// One connected client of `/desk`.
pub struct Desk;

impl DeskHandler for Desk {
    async fn open(_: &crate::AppState, _: DeskRequest) -> Result<Self, Rejection> {
        Ok(Self)
    }

    async fn on_message(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(crate::marked("client", &message)).await
    }

    async fn on_lobby(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(crate::marked("lobby", &message)).await
    }

    async fn on_news(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(crate::marked("news", &message)).await
    }
}
