//! The code behind `/wired`.

use super::{WiredHandler, WiredRequest, WiredSession, messages};
use crate::AppState;
use autumn_ws::{Closed, Rejection};

/// A client whose messages are written in another way.
pub struct Wired;

impl WiredHandler for Wired {
    async fn open(_: &AppState, _: WiredRequest) -> Result<Self, Rejection> {
        Ok(Self)
    }

    async fn on_ask(
        &mut self,
        ask: messages::Ask,
        _: &mut WiredSession,
    ) -> Result<messages::Told, Closed> {
        let t = format!("{} {}", ask.t, ask.i);
        Ok(messages::Told { t })
    }
}
