//! The handler of `/files/{*rest}`: sends back what the catch-all matched.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{FilesHandler, FilesRequest};

/// The request, as text.
pub struct Files(String);

impl FilesHandler for Files {
    async fn open(_: &crate::AppState, request: FilesRequest) -> Result<Self, Rejection> {
        Ok(Self(request.rest))
    }

    async fn on_message(&mut self, _: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(&self.0).await
    }
}
