//! The handler of `/expiring/{millis}`: like a client whose token expires, and that may send a fresh one.

use std::time::{Duration, SystemTime};

use autumn_ws::{Closed, Message, Rejection, Session};

use super::{ExpiringHandler, ExpiringRequest};
use crate::AppState;

/// One connected client of `/expiring/{millis}`.
pub struct Expiring {
    life: Duration,
    state: AppState,
}

impl ExpiringHandler for Expiring {
    async fn open(state: &AppState, request: ExpiringRequest) -> Result<Self, Rejection> {
        let life = Duration::from_millis(request.millis);
        let state = state.clone();
        Ok(Self { life, state })
    }

    async fn on_open(&mut self, session: &mut Session) -> Result<(), Closed> {
        session.expires_at(SystemTime::now() + self.life);
        Ok(())
    }

    async fn on_message(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        if message.to_text().is_ok_and(|text| text == "renew") {
            session.expires_at(SystemTime::now() + self.life);
        } else {
            // Slow work, which the end does not interrupt.
            self.state.pass_gate().await;
        }
        session.send(message).await
    }

    async fn on_close(&mut self, session: &mut Session) {
        self.state.note_end(session);
    }
}
