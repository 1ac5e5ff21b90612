//! The handler of `/admin/overriding`: says goodbye when the test allows it.

use autumn_ws::{Closed, Rejection, Session};

use super::{OverridingHandler, OverridingRequest};
use crate::AppState;

/// One connected client of `/admin/overriding`.
pub struct Overriding {
    state: AppState,
}

impl OverridingHandler for Overriding {
    async fn open(state: &AppState, _: OverridingRequest) -> Result<Self, Rejection> {
        let state = state.clone();
        Ok(Self { state })
    }

    async fn on_shutdown(&mut self, session: &mut Session) -> Result<(), Closed> {
        self.state.pass_gate().await;
        session.send("goodbye").await
    }

    async fn on_close(&mut self, session: &mut Session) {
        self.state.note_end(session);
    }
}
