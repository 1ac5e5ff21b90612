//! The handler of `/desk/{visitor}`: does what visitors ask for.

use std::time::Duration;

use autumn_ws::{AppState, Closed, Message, Rejection, Session};
use tokio::time::sleep;

use super::{DeskHandler, DeskRequest, room_channel};
use crate::serve::ON_DEMAND;

/// One connected client of `/desk/{visitor}`.
pub struct Desk {
    state: AppState,
}

impl DeskHandler for Desk {
    async fn open(state: &AppState, request: DeskRequest) -> Result<Self, Rejection> {
        assert_ne!(request.visitor, "panic", "{ON_DEMAND}");
        if request.visitor == "nobody" {
            return Err(Rejection::forbidden("members only"));
        }
        let state = state.clone();
        Ok(Self { state })
    }

    async fn on_message(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        let said = message.to_text().unwrap_or_default();
        assert_ne!(said, "panic", "{ON_DEMAND}");
        if let Some(room) = said.strip_prefix("join ") {
            let subscription = self.state.channels().subscribe(room_channel(room));
            session.subscribe("joined", subscription);
        }
        if said == "work" {
            sleep(Duration::from_millis(100)).await;
        }
        if said == "bye" {
            return session.close(4000, "bye").await;
        }
        session.send(message).await
    }
}
