//! The code behind `/inspect/{id}`: tells everything that a request can be asked for.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{InspectAllHandler, InspectAllRequest};

/// What the request said.
pub struct InspectAll(String);

impl InspectAllHandler for InspectAll {
    async fn open(_: &crate::AppState, request: InspectAllRequest) -> Result<Self, Rejection> {
        let InspectAllRequest {
            id,
            tag,
            user,
            language,
            method,
            version,
            uri,
        } = request;
        Ok(Self(format!(
            "{id} {tag} {} {} {method} {version:?} {uri}",
            user.0, language.0
        )))
    }

    async fn on_message(&mut self, _: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(&self.0).await
    }
}
