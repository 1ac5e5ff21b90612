//! The handler of `/search`: sends back every field of the query string.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{SearchHandler, SearchRequest};

/// The request, as text.
pub struct Search(String);

impl SearchHandler for Search {
    async fn open(_: &crate::AppState, request: SearchRequest) -> Result<Self, Rejection> {
        let SearchRequest {
            nick,
            page_size,
            limit,
            offset,
            exact,
            ratio,
            mark,
            sort,
        } = request;
        Ok(Self(format!(
            "{nick:?} {page_size} {limit} {offset} {exact} {ratio} {mark} {sort}"
        )))
    }

    async fn on_message(&mut self, _: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(&self.0).await
    }
}
