//! The code behind `/files/{*rest}`: tells what the catch-all caught.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{FilesHandler, FilesRequest};

/// What the request said.
pub struct Files(String);

impl FilesHandler for Files {
    async fn open(_: &crate::AppState, request: FilesRequest) -> Result<Self, Rejection> {
        Ok(Self(request.rest))
    }

    async fn on_message(&mut self, _: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(&self.0).await
    }
}
