//! The handler of `/lag/handling`: reports to its client how many messages it missed.

use autumn_ws::{Closed, Lagged, Rejection, Session};

use super::{HandlingHandler, HandlingRequest};

/// One connected client of `/lag/handling`.
pub struct Handling;

impl HandlingHandler for Handling {
    async fn open(_: &crate::App, _: HandlingRequest) -> Result<Self, Rejection> {
        Ok(Self)
    }

    async fn on_lag(&mut self, lagged: Lagged, session: &mut Session) -> Result<(), Closed> {
        session.send(format!("missed {}", lagged.missed)).await
    }
}
