//! The code behind `/clerk`: what comes from the lobby is marked, what comes from the news is not.

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
