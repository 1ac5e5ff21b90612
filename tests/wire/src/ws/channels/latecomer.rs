//! The handler of `/latecomer/{outcome}`: waits for the test, then admits or refuses.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{LatecomerHandler, LatecomerRequest};

/// One connected client of `/latecomer/{outcome}`.
pub struct Latecomer;

impl LatecomerHandler for Latecomer {
    async fn open(state: &crate::AppState, request: LatecomerRequest) -> Result<Self, Rejection> {
        state.note("open");
        state.pass_gate().await;
        if request.outcome == "refuse" {
            return Err(Rejection::forbidden("not you"));
        }
        Ok(Self)
    }

    async fn on_open(&mut self, session: &mut Session) -> Result<(), Closed> {
        session.send("welcome").await
    }

    async fn on_message(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(message).await
    }
}
