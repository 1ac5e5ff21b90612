//! The code behind `/untyped`: it speaks for itself.

use super::{UntypedHandler, UntypedRequest, UntypedSession};
use crate::AppState;
use autumn_ws::{Closed, Message, Rejection};

/// A client that may say anything.
pub struct Untyped;

impl UntypedHandler for Untyped {
    async fn open(_: &AppState, _: UntypedRequest) -> Result<Self, Rejection> {
        Ok(Self)
    }

    async fn on_message(
        &mut self,
        message: Message,
        session: &mut UntypedSession,
    ) -> Result<(), Closed> {
        session.send_raw(message).await
    }
}
