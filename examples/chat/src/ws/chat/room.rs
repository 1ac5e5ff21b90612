//! The handler of `/rooms/{room}`: who may enter, and who said what.

use super::{RoomHandler, RoomRequest, room_channel};
use autumn_ws::{AppState, Closed, Message, Rejection, Sender, Session};

/// A client in a room.
pub struct Room {
    nick: String,
    sender: Sender,
    /// Whether the others have seen the announcement.
    is_announced: bool,
}

impl RoomHandler for Room {
    async fn open(state: &AppState, request: RoomRequest) -> Result<Self, Rejection> {
        if !is_nick(&request.nick) {
            let text = "a nick has 1 to 24 letters, digits, hyphens or underscores";
            return Err(Rejection::bad_request(text));
        }
        Ok(Self {
            nick: request.nick,
            sender: state.channels().sender(room_channel(&request.room)),
            is_announced: false,
        })
    }

    async fn on_open(&mut self, _: &mut Session) -> Result<(), Closed> {
        // The newcomer already listens, so it hears this too.
        self.sender.send(format!("{} joined", self.nick));
        self.is_announced = true;
        Ok(())
    }

    async fn on_message(&mut self, message: Message, _: &mut Session) -> Result<(), Closed> {
        // The spec accepts text only.
        if let Message::Text(text) = message {
            self.sender.send(format!("{}: {text}", self.nick));
        }
        Ok(())
    }
}

/// A client that was announced is seen off, however its session ends.
impl Drop for Room {
    fn drop(&mut self) {
        if self.is_announced {
            self.sender.send(format!("{} left", self.nick));
        }
    }
}

/// Nicks have neither spaces nor colons, so that nobody can imitate somebody else.
fn is_nick(nick: &str) -> bool {
    let is_allowed = |char: char| char.is_alphanumeric() || matches!(char, '-' | '_');
    (1..=24).contains(&nick.chars().count()) && nick.chars().all(is_allowed)
}
