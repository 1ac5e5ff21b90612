//! The handler of `/panics/{place}`: panics at that place only.

use autumn_ws::{Closed, Lagged, Message, Rejection, Session};

use super::{PanicsHandler, PanicsRequest};

/// One connected client of `/panics/{place}`.
pub struct Panics {
    place: String,
}

impl Panics {
    /// Panics, without `panic!`, which the lints of this repository deny.
    fn reach(&self, place: &str) {
        assert_ne!(self.place, place, "on demand");
    }
}

impl PanicsHandler for Panics {
    async fn open(_: &crate::App, request: PanicsRequest) -> Result<Self, Rejection> {
        let handler = Self {
            place: request.place,
        };
        handler.reach("open");
        Ok(handler)
    }

    async fn on_open(&mut self, session: &mut Session) -> Result<(), Closed> {
        self.reach("on_open");
        session.send("welcome").await
    }

    async fn on_message(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        self.reach("on_message");
        session.send(message).await
    }

    async fn on_flood(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        self.reach("on_flood");
        session.send(message).await
    }

    async fn on_lag(&mut self, _: Lagged, _: &mut Session) -> Result<(), Closed> {
        self.reach("on_lag");
        Ok(())
    }

    async fn on_shutdown(&mut self, _: &mut Session) -> Result<(), Closed> {
        self.reach("on_shutdown");
        Ok(())
    }

    async fn on_close(&mut self, _: &mut Session) {
        self.reach("on_close");
    }
}

impl Drop for Panics {
    fn drop(&mut self) {
        self.reach("drop");
    }
}
