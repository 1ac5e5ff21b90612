//! The handler of `/implied`: answers, although the spec leaves `on_message` to its default.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{ImpliedHandler, ImpliedRequest};

/// One connected client of `/implied`.
pub struct Implied;

impl ImpliedHandler for Implied {
    async fn open(_: &crate::AppState, _: ImpliedRequest) -> Result<Self, Rejection> {
        Ok(Self)
    }

    async fn on_message(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(crate::marked("implied", &message)).await
    }
}
