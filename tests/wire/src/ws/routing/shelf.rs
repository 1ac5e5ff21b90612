//! The handler of `/shelves/{shelfId}/{book}`: sends back its path params.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{ShelfHandler, ShelfRequest};

/// The request, as text.
pub struct Shelf(String);

impl ShelfHandler for Shelf {
    async fn open(_: &crate::AppState, request: ShelfRequest) -> Result<Self, Rejection> {
        let ShelfRequest { shelf_id, book } = request;
        Ok(Self(format!("shelf {}, book {book}", u32::from(shelf_id))))
    }

    async fn on_message(&mut self, _: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(&self.0).await
    }
}
