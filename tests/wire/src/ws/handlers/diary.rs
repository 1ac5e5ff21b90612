//! The handler of `/diary`: notes how each session ends.

use autumn_ws::{Closed, Message, Rejection, Session, close_code};

use super::{DiaryHandler, DiaryRequest};
use crate::AppState;

/// One connected client of `/diary`.
pub struct Diary {
    state: AppState,
}

impl DiaryHandler for Diary {
    async fn open(state: &AppState, _: DiaryRequest) -> Result<Self, Rejection> {
        let state = state.clone();
        Ok(Self { state })
    }

    async fn on_message(&mut self, _: Message, session: &mut Session) -> Result<(), Closed> {
        session.close(close_code::POLICY, "say nothing").await
    }

    async fn on_close(&mut self, session: &mut Session) {
        self.state.note_end(session);
    }
}
