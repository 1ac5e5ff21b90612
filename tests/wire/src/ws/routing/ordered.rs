//! The handler of `/ordered`: sends back the query string.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{OrderedHandler, OrderedRequest};

/// The request, as text.
pub struct Ordered(String);

impl OrderedHandler for Ordered {
    async fn open(_: &crate::AppState, request: OrderedRequest) -> Result<Self, Rejection> {
        let OrderedRequest { order, page, from } = request;
        Ok(Self(format!("{order:?} {} {from}", page.0)))
    }

    async fn on_message(&mut self, _: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(&self.0).await
    }
}
