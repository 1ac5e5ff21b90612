//! The handler of `/listing/{list-id}`: sends back what the client calls otherwise.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{ListingHandler, ListingRequest};

/// The request, as text.
pub struct Listing(String);

impl ListingHandler for Listing {
    async fn open(_: &crate::AppState, request: ListingRequest) -> Result<Self, Rejection> {
        let ListingRequest {
            list_id,
            type_,
            page_size,
            filter_name,
            top,
            user_id,
            stamp,
            two_words,
            size,
        } = request;
        Ok(Self(format!(
            "{list_id} {type_} {page_size} {filter_name:?} {top} {user_id} {stamp} {two_words} {size}"
        )))
    }

    async fn on_message(&mut self, _: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(&self.0).await
    }
}
