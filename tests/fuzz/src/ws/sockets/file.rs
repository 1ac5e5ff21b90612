//! The handler of `/files/{folder}/{*rest}`.
//!
//! This file is yours. It was created once and is never touched again.
//! To publish from it, keep `state.channels().sender(..)` in your type.

use autumn_ws::{AppState, Closed, Message, Rejection, Session};

use super::{FileHandler, FileRequest};

/// One connected client of `/files/{folder}/{*rest}`, with what is to be remembered between its events.
pub struct File;

impl FileHandler for File {
    async fn open(_state: &AppState, _request: FileRequest) -> Result<Self, Rejection> {
        // Everybody may enter. To refuse: `Err(Rejection::forbidden("members only"))`.
        Ok(Self)
    }

    async fn on_message(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        // The client said something: answer it.
        session.send(message).await
    }
}
