//! The handler of `/exit`: ends each session as the client likes.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{ExitEndpoint, ExitHandler, ExitRequest};

/// A client that will leave.
pub struct Exit;

impl ExitHandler for Exit {
    async fn open(_: &crate::AppState, _: ExitRequest) -> Result<Self, Rejection> {
        Ok(Self)
    }

    async fn on_message(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        let code = match message.to_text() {
            Ok("enough") => ExitEndpoint::ENOUGH,
            Ok("move") => ExitEndpoint::MOVED,
            _ => 4006,
        };
        session.close(code, "goodbye").await
    }
}
