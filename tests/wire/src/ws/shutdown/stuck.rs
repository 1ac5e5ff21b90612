//! The handler of `/shutdown/stuck`: never finishes its goodbye.

use std::future::pending;

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{StuckHandler, StuckRequest};

/// One connected client of `/shutdown/stuck`.
pub struct Stuck;

impl StuckHandler for Stuck {
    async fn open(_: &crate::AppState, _: StuckRequest) -> Result<Self, Rejection> {
        Ok(Self)
    }

    async fn on_message(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(message).await
    }

    async fn on_shutdown(&mut self, session: &mut Session) -> Result<(), Closed> {
        session.send("one moment").await?;
        pending().await
    }
}
