//! The handler of `/clerk`: marks messages of the lobby, relays those of the news.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{ClerkHandler, ClerkRequest};

/// One connected client of `/clerk`.
pub struct Clerk;

impl ClerkHandler for Clerk {
    async fn open(_: &crate::AppState, _: ClerkRequest) -> Result<Self, Rejection> {
        Ok(Self)
    }

    async fn on_lobby(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(crate::marked("lobby", &message)).await
    }
}
