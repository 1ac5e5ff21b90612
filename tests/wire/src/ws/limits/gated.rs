//! The handler of `/gated/{outcome}`: waits for the test, then admits or refuses.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{GatedHandler, GatedRequest};

/// The one connected client of `/gated/{outcome}`.
pub struct Gated;

impl GatedHandler for Gated {
    async fn open(state: &crate::AppState, request: GatedRequest) -> Result<Self, Rejection> {
        state.note("open");
        state.pass_gate().await;
        if request.outcome == "refuse" {
            return Err(Rejection::forbidden("not you"));
        }
        Ok(Self)
    }

    async fn on_message(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(message).await
    }
}
