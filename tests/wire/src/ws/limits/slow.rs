//! The handler of `/slow`: notes how the session of a client that reads nothing ends.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{SlowHandler, SlowRequest};
use crate::AppState;

/// One connected client of `/slow`.
pub struct Slow {
    state: AppState,
}

impl SlowHandler for Slow {
    async fn open(state: &AppState, _: SlowRequest) -> Result<Self, Rejection> {
        let state = state.clone();
        Ok(Self { state })
    }

    async fn on_message(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(message).await
    }

    async fn on_close(&mut self, session: &mut Session) {
        self.state.note_end(session);
    }
}
