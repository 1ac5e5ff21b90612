//! The handler of `/shutdown/saving`: saves before it closes.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{SavingHandler, SavingRequest};
use crate::AppState;

/// One connected client of `/shutdown/saving`.
pub struct Saving {
    state: AppState,
}

impl SavingHandler for Saving {
    async fn open(state: &AppState, _: SavingRequest) -> Result<Self, Rejection> {
        let state = state.clone();
        Ok(Self { state })
    }

    async fn on_message(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(message).await
    }

    async fn on_shutdown(&mut self, session: &mut Session) -> Result<(), Closed> {
        session.send("saving").await?;
        self.state.note("saved");
        session.send("goodbye").await
    }

    async fn on_close(&mut self, session: &mut Session) {
        self.state.note_end(session);
    }
}
