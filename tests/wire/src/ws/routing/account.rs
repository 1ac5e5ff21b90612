//! The handler of `/account`: greets the user that the extractor found.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{AccountHandler, AccountRequest};
use crate::extract::User;

/// A client that has signed in.
pub struct Account {
    user: User,
}

impl AccountHandler for Account {
    async fn open(state: &crate::AppState, request: AccountRequest) -> Result<Self, Rejection> {
        state.note("open");
        Ok(Self { user: request.user })
    }

    async fn on_message(&mut self, _: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(format!("hello {}", self.user.0)).await
    }
}
