//! The handler of `/inspect`: sends back what four extractors made of the request.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{InspectHandler, InspectRequest};

/// The request, as text.
pub struct Inspect(String);

impl InspectHandler for Inspect {
    async fn open(_: &crate::AppState, request: InspectRequest) -> Result<Self, Rejection> {
        let InspectRequest {
            user,
            language,
            method,
            version,
        } = request;
        Ok(Self(format!("{} {} {method} {version:?}", user.0, language.0)))
    }

    async fn on_message(&mut self, _: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(&self.0).await
    }
}
