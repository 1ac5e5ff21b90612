//! The handler of `/announcer`: publishes what clients say on the board.

use autumn_ws::{AppState, Closed, Message, Rejection, Sender, Session};

use super::{AnnouncerHandler, AnnouncerRequest, BOARD_CHANNEL};

/// One connected client of `/announcer`.
pub struct Announcer {
    board: Sender,
}

impl AnnouncerHandler for Announcer {
    async fn open(state: &AppState, _: AnnouncerRequest) -> Result<Self, Rejection> {
        let board = state.channels().sender(BOARD_CHANNEL);
        Ok(Self { board })
    }

    async fn on_message(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        let listeners = self.board.send(message);
        session.send(format!("{listeners} heard it")).await
    }
}
