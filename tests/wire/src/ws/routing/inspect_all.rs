//! The handler of `/inspect/{id}`: sends back everything that can be extracted from a request.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{InspectAllHandler, InspectAllRequest};

/// The request, as text.
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
