//! The handler of `/admin/inheriting`: says goodbye when the test allows it.

use autumn_ws::{Closed, Rejection, Session};

use super::{InheritingHandler, InheritingRequest};
use crate::AppState;

/// One connected client of `/admin/inheriting`.
pub struct Inheriting {
    state: AppState,
}

impl InheritingHandler for Inheriting {
    async fn open(state: &AppState, _: InheritingRequest) -> Result<Self, Rejection> {
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
