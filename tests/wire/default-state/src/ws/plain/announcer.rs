//! The code behind `/announcer`: what its clients say goes to the board.

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
        session.send(format!("{listeners} have heard it")).await
    }
}
