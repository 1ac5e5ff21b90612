//! The handler of `/lag/handling`: reports to its client how many messages it missed.

use autumn_ws::{Closed, Lagged, Rejection, Session};

use super::{HandlingHandler, HandlingRequest};

/// One connected client of `/lag/handling`.
pub struct Handling;

impl HandlingHandler for Handling {
    async fn open(_: &crate::AppState, _: HandlingRequest) -> Result<Self, Rejection> {
        Ok(Self)
    }

    async fn on_lag(&mut self, lagged: Lagged, session: &mut Session) -> Result<(), Closed> {
        let Lagged { channel, missed, .. } = lagged;
        session.send(format!("{missed} missed of {channel}")).await
    }
}
