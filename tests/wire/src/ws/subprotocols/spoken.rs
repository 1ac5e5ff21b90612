//! The handler of `/spoken`: sends back the subprotocol that `open` saw.

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{SpokenHandler, SpokenRequest};

/// One connected client of `/spoken`.
pub struct Spoken {
    subprotocol: Option<String>,
}

impl SpokenHandler for Spoken {
    async fn open(_: &crate::AppState, request: SpokenRequest) -> Result<Self, Rejection> {
        let subprotocol = request.subprotocol;
        Ok(Self { subprotocol })
    }

    async fn on_message(&mut self, _: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(format!("{:?}", self.subprotocol)).await
    }
}
