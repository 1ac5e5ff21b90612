//! The handler of `/ticking`: counts.

use autumn_ws::{Closed, Rejection, Session};

use super::{TickingHandler, TickingRequest};
use crate::AppState;

/// One connected client of `/ticking`.
pub struct Ticking {
    ticks: u32,
}

impl TickingHandler for Ticking {
    async fn open(_: &AppState, _: TickingRequest) -> Result<Self, Rejection> {
        Ok(Self { ticks: 0 })
    }

    async fn on_tick(&mut self, session: &mut Session) -> Result<(), Closed> {
        self.ticks += 1;
        session.send(format!("tick {}", self.ticks)).await
    }
}
