//! The code behind `/noticed`: what is heard on a channel is said in other words.

use super::{NoticedHandler, NoticedRequest, NoticedSession, NoticesMessage, messages};
use crate::AppState;
use autumn_ws::{Closed, Rejection};

/// A client that hears of notices.
pub struct Noticed;

impl NoticedHandler for Noticed {
    async fn open(_: &AppState, _: NoticedRequest) -> Result<Self, Rejection> {
        Ok(Self)
    }

    async fn on_notices(
        &mut self,
        message: NoticesMessage,
        session: &mut NoticedSession,
    ) -> Result<(), Closed> {
        let NoticesMessage::Notice(notice) = message;
        let said = messages::Said {
            by: "the server".to_owned(),
            text: notice.text,
        };
        session.send(said).await
    }
}
