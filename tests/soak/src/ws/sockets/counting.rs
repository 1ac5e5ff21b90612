//! The handler of `/lag/counting`: reports to the client how many messages it missed.

use autumn_ws::{AppState, Closed, Lagged, Rejection, Session};

use super::{CountingHandler, CountingRequest};

/// One connected client of `/lag/counting`.
pub struct Counting;

impl CountingHandler for Counting {
    async fn open(_: &AppState, _: CountingRequest) -> Result<Self, Rejection> {
        Ok(Self)
    }

    async fn on_lag(&mut self, lagged: Lagged, session: &mut Session) -> Result<(), Closed> {
        session.send(format!("missed {}", lagged.missed)).await
    }
}
