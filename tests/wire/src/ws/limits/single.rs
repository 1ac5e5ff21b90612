//! The handler of `/single`: notes who connects and who leaves.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{SingleHandler, SingleRequest};
use crate::AppState;

/// The one connected client of `/single`.
pub struct Single {
    state: AppState,
}

impl SingleHandler for Single {
    async fn open(state: &AppState, _: SingleRequest) -> Result<Self, Rejection> {
        state.note("open");
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
