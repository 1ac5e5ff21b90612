//! The handler of `/handled`: counts its client's messages.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{HandledHandler, HandledRequest};

/// One connected client of `/handled`.
pub struct Handled {
    heard: u32,
}

impl HandledHandler for Handled {
    async fn open(_: &crate::AppState, _: HandledRequest) -> Result<Self, Rejection> {
        Ok(Self { heard: 0 })
    }

    async fn on_message(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        self.heard += 1;
        let mark = self.heard.to_string();
        session.send(crate::marked(&mark, &message)).await
    }
}
