//! The handler of `/shutdown/desk`: every client may say a last word.

use autumn_ws::{Closed, Event, Message, Rejection, Session};

use super::{DeskHandler, DeskRequest};
use crate::App;

/// One connected client of `/shutdown/desk`.
pub struct Desk {
    app: App,
}

impl DeskHandler for Desk {
    async fn open(app: &App, _: DeskRequest) -> Result<Self, Rejection> {
        let app = app.clone();
        Ok(Self { app })
    }

    async fn on_message(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(message).await
    }

    async fn on_shutdown(&mut self, session: &mut Session) -> Result<(), Closed> {
        session.send("any last words?").await?;
        while let Some(event) = session.next().await {
            if let Event::Message(words) = event {
                session.send(words).await?;
                session.send("noted").await?;
                break;
            }
        }
        self.app.note_farewell();
        Ok(())
    }
}
