//! The handler of `/gap/skipping`: an endpoint may handle lag and skip gaps.

use autumn_ws::{Closed, Lagged, Rejection, Session};

use super::{SkippingHandler, SkippingRequest};

/// One connected client of `/gap/skipping`.
pub struct Skipping;

impl SkippingHandler for Skipping {
    async fn open(_: &crate::AppState, _: SkippingRequest) -> Result<Self, Rejection> {
        Ok(Self)
    }

    async fn on_lag(&mut self, lagged: Lagged, session: &mut Session) -> Result<(), Closed> {
        session.send(format!("{} missed", lagged.missed)).await
    }
}
