//! The handler of `/misordered`: sends back the query string.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{MisorderedHandler, MisorderedRequest};

/// The request, as text.
pub struct Misordered(String);

impl MisorderedHandler for Misordered {
    async fn open(_: &crate::AppState, request: MisorderedRequest) -> Result<Self, Rejection> {
        let MisorderedRequest { order } = request;
        Ok(Self(format!("{order:?}")))
    }

    async fn on_message(&mut self, _: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(&self.0).await
    }
}
