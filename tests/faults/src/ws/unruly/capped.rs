//! The handler of `/capped/{open}`: ends in every way that code can.

use std::future::pending;

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{CappedHandler, CappedRequest};

/// The one connected client of `/capped/{open}`.
pub struct Capped;

impl CappedHandler for Capped {
    async fn open(_: &crate::App, request: CappedRequest) -> Result<Self, Rejection> {
        match request.open.as_str() {
            "refuse" => Err(Rejection::forbidden("not you")),
            "wait" => pending().await,
            open => {
                assert_ne!(open, "panic", "on demand");
                Ok(Self)
            }
        }
    }

    async fn on_message(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        match message.to_text() {
            Ok("close") => session.close(4000, "as you wish").await,
            said => {
                assert_ne!(said.ok(), Some("panic"), "on demand");
                session.send(message).await
            }
        }
    }
}
