//! The handler of `/places/newest`: lets in everybody who has signed in.

use autumn_ws::{Rejection, Session};

use super::{NewestHandler, NewestRequest};
use crate::AppState;

/// One connected client of `/places/newest`.
pub struct Newest {
    state: AppState,
}

impl NewestHandler for Newest {
    async fn open(state: &AppState, request: NewestRequest) -> Result<Self, Rejection> {
        if request.user.0 == "banned" {
            return Err(Rejection::forbidden("not any more"));
        }
        let state = state.clone();
        Ok(Self { state })
    }

    async fn on_close(&mut self, session: &mut Session) {
        self.state.note_end(session);
    }
}
